-- Background work. Ids ascend in time.
CREATE TABLE jobs (
    id            TEXT   NOT NULL PRIMARY KEY,
    kind          TEXT   NOT NULL,
    about         TEXT   NOT NULL,
    arguments     TEXT   NOT NULL, -- a JSON object
    state         TEXT   NOT NULL,
    node          BIGINT NOT NULL, -- which node's: what it reads and makes lies in that folder
    done          BIGINT NOT NULL,
    total         BIGINT NOT NULL, -- 0: not known
    unit          TEXT   NOT NULL,
    reached       TEXT   NOT NULL, -- where it goes on from, a JSON object; empty: nowhere yet
    result        TEXT   NOT NULL, -- a JSON object; empty: none
    failure       TEXT   NOT NULL, -- a JSON object; empty: none
    attempts      BIGINT NOT NULL,
    interruptions BIGINT NOT NULL, -- one after the other without getting any further
    started_done  BIGINT NOT NULL, -- how far it was when it was started last
    who           TEXT   NOT NULL,
    created_at    BIGINT NOT NULL, -- microseconds since 1970
    started_at    BIGINT NOT NULL, -- 0: not yet
    ended_at      BIGINT NOT NULL  -- 0: not yet
);

CREATE INDEX jobs_by_state ON jobs (state, node, id);

CREATE TABLE job_log (
    job    TEXT   NOT NULL,
    number BIGINT NOT NULL,
    at     BIGINT NOT NULL, -- microseconds since 1970
    text   TEXT   NOT NULL,
    PRIMARY KEY (job, number)
);

CREATE TABLE job_schedules (
    name      TEXT   NOT NULL PRIMARY KEY,
    kind      TEXT   NOT NULL,
    arguments TEXT   NOT NULL, -- a JSON object
    node      BIGINT NOT NULL,
    at_time   TEXT   NOT NULL, -- 02:30
    zone      TEXT   NOT NULL, -- Europe/Berlin
    who       TEXT   NOT NULL,
    next_at   BIGINT NOT NULL, -- microseconds since 1970
    last_job  TEXT   NOT NULL  -- empty: none yet
);
