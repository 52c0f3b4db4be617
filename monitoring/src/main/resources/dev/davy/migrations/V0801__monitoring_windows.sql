-- Windows of each node's log: minutes, hours and days. Merged over nodes when they are read.
CREATE TABLE windows (
    version  BIGINT NOT NULL, -- of the reader that made them
    endpoint TEXT   NOT NULL,
    origin   TEXT   NOT NULL,
    span     TEXT   NOT NULL, -- MINUTE, HOUR or DAY
    start    BIGINT NOT NULL, -- seconds since 1970
    node     BIGINT NOT NULL,
    body     BYTEA  NOT NULL,
    PRIMARY KEY (version, endpoint, origin, span, start, node)
);

-- What of the log was lost before it was counted: windows over it are incomplete.
CREATE TABLE window_gaps (
    version BIGINT NOT NULL,
    node    BIGINT NOT NULL,
    since   BIGINT NOT NULL, -- seconds since 1970: the last record before
    until   BIGINT NOT NULL, -- the first record after
    cause   TEXT   NOT NULL,
    PRIMARY KEY (version, node, since, until)
);

-- The last predictions of each endpoint, newest first, for whoever wants to see some.
CREATE TABLE recent_predictions (
    version  BIGINT NOT NULL,
    endpoint TEXT   NOT NULL,
    ids      TEXT   NOT NULL, -- UUIDs, with spaces between them
    PRIMARY KEY (version, endpoint)
);
