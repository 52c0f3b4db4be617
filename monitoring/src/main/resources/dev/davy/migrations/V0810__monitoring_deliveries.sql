-- What is to be told to whom. A row is written with the events it tells, and goes on being tried until it is told.
CREATE TABLE deliveries (
    id         TEXT   NOT NULL PRIMARY KEY,
    endpoint   TEXT   NOT NULL,
    channel    TEXT   NOT NULL, -- JSON, as it was declared
    alarms     TEXT   NOT NULL, -- a common cause; the messages of one are put together
    news       TEXT   NOT NULL, -- a JSON list of what happened
    state      TEXT   NOT NULL, -- waiting, sent, failed
    created    BIGINT NOT NULL, -- microseconds since 1970
    due        BIGINT NOT NULL, -- of the next attempt
    attempts   BIGINT NOT NULL,
    last_error TEXT   NOT NULL,
    sent       BIGINT           -- when it was
);

CREATE INDEX deliveries_by_due ON deliveries (state, due);

-- Events that were looked at, of the last minutes: ids ascend in time, commits do not quite.
CREATE TABLE deliveries_seen (
    event TEXT NOT NULL PRIMARY KEY
);

-- From which event on there is something to look at.
CREATE TABLE deliveries_cursor (
    name  TEXT NOT NULL PRIMARY KEY,
    event TEXT NOT NULL
);
