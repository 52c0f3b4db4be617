-- Predictions that a person sees, or saw.
CREATE TABLE reviews (
    prediction TEXT    NOT NULL PRIMARY KEY,
    endpoint   TEXT    NOT NULL,
    version    TEXT    NOT NULL,
    slice      TEXT    NOT NULL, -- the condition that told its level; empty: none did
    level      TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    state      TEXT    NOT NULL, -- open, decided, expired
    created    BIGINT  NOT NULL, -- microseconds since 1970, as all times here
    due        BIGINT,
    escalate   BIGINT,           -- when it goes before all others
    escalated  BIGINT  NOT NULL, -- 1 once it does
    priority   DOUBLE PRECISION NOT NULL,
    alone      BIGINT  NOT NULL, -- 1 where the model decided
    asked      DOUBLE PRECISION NOT NULL,
    least      DOUBLE PRECISION NOT NULL, -- the smallest probability with which any of its time was seen
    answer     TEXT    NOT NULL, -- what the model said, as JSON by output; empty: it was not asked
    confidence DOUBLE PRECISION,
    detail     TEXT    NOT NULL, -- the prediction as the log shows it, as JSON
    wanted     BIGINT  NOT NULL, -- judgements
    given      BIGINT  NOT NULL,
    tie        BIGINT  NOT NULL, -- 1 where reviewers disagreed
    truth      TEXT,             -- by output, once it is known
    gold       TEXT,             -- by output, where the answer is known beforehand
    decision   TEXT,             -- by output
    decided_by TEXT    NOT NULL,
    decided_at BIGINT,
    revision   BIGINT  NOT NULL
);
CREATE INDEX reviews_queue ON reviews (endpoint, state, escalated, priority, created);
CREATE INDEX reviews_state ON reviews (state, due);
CREATE INDEX reviews_created ON reviews (endpoint, created);

CREATE TABLE review_judgements (
    prediction   TEXT   NOT NULL,
    reviewer     TEXT   NOT NULL,
    revision     BIGINT NOT NULL,
    answer       TEXT,            -- by output, as JSON; none: can't tell
    saw          BIGINT NOT NULL, -- 1 where they saw the model's answer
    instructions TEXT   NOT NULL, -- their version
    seconds      DOUBLE PRECISION,
    at           BIGINT NOT NULL,
    told         BIGINT NOT NULL, -- 1 once it is in the log
    back         BIGINT NOT NULL, -- 1 where it was taken back; the revision goes on from it
    PRIMARY KEY (prediction, reviewer)
);
CREATE INDEX review_judgements_told ON review_judgements (told);

-- Who has which case before them.
CREATE TABLE review_leases (
    prediction TEXT   NOT NULL,
    reviewer   TEXT   NOT NULL,
    until      BIGINT NOT NULL,
    PRIMARY KEY (prediction, reviewer)
);

CREATE TABLE review_skips (
    prediction TEXT   NOT NULL,
    reviewer   TEXT   NOT NULL,
    why        TEXT   NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (prediction, reviewer)
);

-- Levels that were changed while the declaration said another.
CREATE TABLE automation_levels (
    endpoint TEXT   NOT NULL,
    slice    TEXT   NOT NULL,
    level    TEXT   NOT NULL,
    declared TEXT   NOT NULL, -- the level that it was changed from, as declared; another declaration ends it
    who      TEXT   NOT NULL,
    why      TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    stepped  BIGINT NOT NULL, -- 1 where an alarm did it
    PRIMARY KEY (endpoint, slice)
);

CREATE TABLE automation_thresholds (
    endpoint TEXT   NOT NULL,
    version  TEXT   NOT NULL,
    slice    TEXT   NOT NULL,
    target   TEXT   NOT NULL,
    threshold DOUBLE PRECISION, -- none: not enough evidence
    detail   TEXT   NOT NULL,   -- JSON: what it rests on
    at       BIGINT NOT NULL,
    PRIMARY KEY (endpoint, version, slice)
);
