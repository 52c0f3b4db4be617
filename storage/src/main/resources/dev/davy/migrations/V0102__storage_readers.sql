-- Where each reader of the log stands in each node's log.
CREATE TABLE readers (
    reader      TEXT   NOT NULL,
    version     BIGINT NOT NULL,
    node        BIGINT NOT NULL,
    epoch       BIGINT NOT NULL,
    byte_offset BIGINT NOT NULL,
    PRIMARY KEY (reader, version, node)
);
