-- What the machine, this process and each endpoint's models were busy with: minutes, hours, days.
CREATE TABLE software_windows (
    version  BIGINT NOT NULL,
    endpoint TEXT   NOT NULL, -- '': the process and its machine
    origin   TEXT   NOT NULL,
    part     TEXT   NOT NULL,
    span     TEXT   NOT NULL,
    start    BIGINT NOT NULL,
    node     BIGINT NOT NULL,
    body     BYTEA  NOT NULL,
    PRIMARY KEY (version, endpoint, origin, span, start, part, node)
);

-- When a monitor first spoke, and when it last had anything to say: seconds of event time.
ALTER TABLE monitor_states ADD COLUMN first_judged BIGINT;
ALTER TABLE monitor_states ADD COLUMN last_bad BIGINT;
ALTER TABLE monitor_states ADD COLUMN last_alarm BIGINT;
ALTER TABLE monitor_states ADD COLUMN nanos BIGINT; -- that judging took altogether

-- Metrics that were counted over the past, after they had been declared.
CREATE TABLE metric_backfills (
    endpoint TEXT   NOT NULL,
    metric   TEXT   NOT NULL,
    since    BIGINT NOT NULL, -- seconds since 1970, of event time
    until    BIGINT NOT NULL,
    at       BIGINT NOT NULL, -- milliseconds since 1970
    who      TEXT   NOT NULL,
    PRIMARY KEY (endpoint, metric, since, until)
);
