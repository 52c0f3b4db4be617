-- Windows of parts: an arm with its version, or a declared slice. Those of before are of all arms.
CREATE TABLE windows_of_parts (
    version  BIGINT NOT NULL, -- of the reader that made them
    endpoint TEXT   NOT NULL,
    origin   TEXT   NOT NULL,
    part     TEXT   NOT NULL, -- 'live loan/3', 'slice line=A'; '': of all arms
    span     TEXT   NOT NULL, -- MINUTE, HOUR or DAY
    start    BIGINT NOT NULL, -- seconds since 1970
    node     BIGINT NOT NULL,
    body     BYTEA  NOT NULL,
    PRIMARY KEY (version, endpoint, origin, span, start, part, node)
);
INSERT INTO windows_of_parts (version, endpoint, origin, part, span, start, node, body)
SELECT version, endpoint, origin, '', span, start, node, body FROM windows;
DROP TABLE windows;
ALTER TABLE windows_of_parts RENAME TO windows;
