-- Windows of quality, by the event time of the predictions.
CREATE TABLE quality_windows (
    version  BIGINT NOT NULL, -- of the reader that made them
    endpoint TEXT   NOT NULL,
    origin   TEXT   NOT NULL,
    part     TEXT   NOT NULL,
    span     TEXT   NOT NULL,
    start    BIGINT NOT NULL,
    node     BIGINT NOT NULL,
    body     BYTEA  NOT NULL,
    PRIMARY KEY (version, endpoint, origin, span, start, part, node)
);

-- The truth that counts for each prediction and output, so that a correction can take it away.
CREATE TABLE outcomes (
    version    BIGINT NOT NULL,
    prediction TEXT   NOT NULL,
    output     TEXT   NOT NULL,
    feedback   TEXT   NOT NULL, -- its id
    at         BIGINT NOT NULL, -- microseconds since 1970, when it became known
    received   BIGINT NOT NULL,
    truth      TEXT   NOT NULL, -- JSON
    before     TEXT,            -- the truth that was known just before, JSON
    PRIMARY KEY (version, prediction, output)
);

-- Truth whose prediction has not come yet.
CREATE TABLE orphans (
    version    BIGINT NOT NULL,
    feedback   TEXT   NOT NULL,
    prediction TEXT   NOT NULL,
    endpoint   TEXT   NOT NULL, -- '': it was not said
    received   BIGINT NOT NULL,
    body       TEXT   NOT NULL, -- JSON
    PRIMARY KEY (version, feedback)
);

-- The last truth of each output that came to be known.
CREATE TABLE last_truths (
    version  BIGINT NOT NULL,
    endpoint TEXT   NOT NULL,
    origin   TEXT   NOT NULL,
    output   TEXT   NOT NULL,
    truth    TEXT   NOT NULL, -- JSON
    PRIMARY KEY (version, endpoint, origin, output)
);
