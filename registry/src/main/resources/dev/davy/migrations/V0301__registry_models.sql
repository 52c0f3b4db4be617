-- Immutable versions. A deleted one keeps its row, so that its number is never given again.
CREATE TABLE model_version (
    model TEXT NOT NULL,
    version BIGINT NOT NULL,
    digest TEXT NOT NULL,
    files TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    bundle TEXT NOT NULL,
    trial TEXT NOT NULL,
    registered_at BIGINT NOT NULL,
    registered_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    reference TEXT,
    deleted_at BIGINT,
    PRIMARY KEY (model, version)
);

CREATE INDEX model_version_by_digest ON model_version (digest, model);

-- A dropped alias keeps its row, without a version, so that its revision never runs backward.
CREATE TABLE model_alias (
    model TEXT NOT NULL,
    name TEXT NOT NULL,
    version BIGINT,
    revision BIGINT NOT NULL,
    moved_at BIGINT NOT NULL,
    moved_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (model, name),
    FOREIGN KEY (model, version) REFERENCES model_version (model, version)
);
