-- Candidates on their way to live, and those that were. Ids ascend in time.
CREATE TABLE rollouts (
    id         TEXT   NOT NULL PRIMARY KEY,
    endpoint   TEXT   NOT NULL,
    live       TEXT   NOT NULL, -- versions by component before it, a JSON object
    candidate  TEXT   NOT NULL, -- versions by component, a JSON object
    settings   TEXT   NOT NULL, -- what beside the policy was asked for, a JSON object
    policy     TEXT   NOT NULL, -- a JSON object
    state      TEXT   NOT NULL, -- a JSON object
    history    TEXT   NOT NULL, -- a JSON array
    eras       TEXT   NOT NULL, -- which share was in force since which epoch, a JSON array
    revision   BIGINT NOT NULL,
    is_over    BIGINT NOT NULL, -- 1: nothing happens to it any more
    created_at BIGINT NOT NULL  -- microseconds since 1970
);

CREATE INDEX rollouts_by_endpoint ON rollouts (endpoint, id);

-- What each node's log has told so far; stored with the place up to which it was read.
CREATE TABLE rollout_evidence (
    rollout TEXT   NOT NULL,
    node    BIGINT NOT NULL,
    body    BYTEA  NOT NULL,
    PRIMARY KEY (rollout, node)
);

-- What the guards said at some moments, for looking back.
CREATE TABLE rollout_looks (
    rollout TEXT   NOT NULL,
    at      BIGINT NOT NULL, -- microseconds since 1970
    body    TEXT   NOT NULL, -- a JSON object
    PRIMARY KEY (rollout, at)
);
