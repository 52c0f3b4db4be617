-- The files of the archive that count. What lies in the folder beside them does not.
CREATE TABLE archive_files (
    keeper   BIGINT NOT NULL, -- the node in whose folder it lies
    path     TEXT   NOT NULL, -- below archive/
    kind     TEXT   NOT NULL, -- predictions or feedback
    endpoint TEXT   NOT NULL, -- empty: not known
    layout   BIGINT NOT NULL, -- schema=N of the path
    day      TEXT   NOT NULL, -- YYYY-MM-DD
    row_count BIGINT NOT NULL,
    bytes    BIGINT NOT NULL,
    generation BIGINT NOT NULL,
    PRIMARY KEY (keeper, path)
);
CREATE INDEX archive_files_by_day ON archive_files (keeper, kind, endpoint, day);

-- The columns of an endpoint's files; a new number whenever they change.
CREATE TABLE archive_layouts (
    endpoint TEXT   NOT NULL,
    layout   BIGINT NOT NULL,
    columns  TEXT   NOT NULL, -- JSON
    PRIMARY KEY (endpoint, layout)
);

-- Days of predictions of which truth came to be known since they were last written.
CREATE TABLE archive_late (
    keeper BIGINT NOT NULL,
    day    TEXT   NOT NULL,
    PRIMARY KEY (keeper, day)
);
