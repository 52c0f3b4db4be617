-- What happened to things. Ids ascend in time, so a page is asked for by the id before it.
CREATE TABLE events (
    id     TEXT   NOT NULL PRIMARY KEY,
    at     BIGINT NOT NULL, -- microseconds since 1970
    kind   TEXT   NOT NULL,
    name   TEXT   NOT NULL,
    what   TEXT   NOT NULL,
    who    TEXT   NOT NULL,
    why    TEXT   NOT NULL,
    detail TEXT   NOT NULL  -- a JSON object
);

CREATE INDEX events_by_thing ON events (kind, name, id);
