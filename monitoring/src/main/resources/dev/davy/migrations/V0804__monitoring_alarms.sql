CREATE TABLE alarms (
    id       TEXT   NOT NULL PRIMARY KEY,
    cause    TEXT   NOT NULL, -- the first alarm of those with a common cause
    endpoint TEXT   NOT NULL,
    monitor  TEXT   NOT NULL,
    watch    TEXT   NOT NULL,
    severity TEXT   NOT NULL,
    state    TEXT   NOT NULL,
    since    BIGINT NOT NULL, -- seconds since 1970, of event time
    until    BIGINT NOT NULL,
    opened   BIGINT NOT NULL, -- milliseconds since 1970
    fired    BIGINT,
    ended    BIGINT,
    bad      BIGINT NOT NULL,
    fine     BIGINT NOT NULL,
    value    DOUBLE PRECISION,
    why      TEXT   NOT NULL,
    detail   TEXT   NOT NULL, -- JSON
    owner    TEXT   NOT NULL,
    note     TEXT   NOT NULL,
    silenced BIGINT,          -- until, milliseconds since 1970
    revision BIGINT NOT NULL
);
CREATE INDEX alarms_endpoint ON alarms (endpoint, state);
CREATE INDEX alarms_opened ON alarms (opened);

-- Up to where each endpoint was judged, in seconds of event time; quality waits for its truth.
CREATE TABLE judged (
    endpoint TEXT   NOT NULL,
    origin   TEXT   NOT NULL,
    what     TEXT   NOT NULL, -- traffic or quality
    until    BIGINT NOT NULL,
    PRIMARY KEY (endpoint, origin, what)
);

-- What each monitor said of its last window, and how often it spoke.
CREATE TABLE monitor_states (
    endpoint TEXT   NOT NULL,
    monitor  TEXT   NOT NULL,
    start    BIGINT NOT NULL, -- of the window
    verdict  TEXT   NOT NULL, -- fine, bad or early
    value    DOUBLE PRECISION,
    why      TEXT   NOT NULL,
    judged   BIGINT NOT NULL, -- windows
    bad      BIGINT NOT NULL, -- windows
    alarms   BIGINT NOT NULL,
    PRIMARY KEY (endpoint, monitor)
);
