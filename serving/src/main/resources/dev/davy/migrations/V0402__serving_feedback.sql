-- What the feedback reader made of the log: each feedback once, by the sender's id.
CREATE TABLE feedback (
    id TEXT NOT NULL PRIMARY KEY,
    digest TEXT NOT NULL,
    kind TEXT NOT NULL,
    prediction TEXT,
    endpoint TEXT,
    entity TEXT,
    at_micros BIGINT NOT NULL,
    received_micros BIGINT NOT NULL,
    replaces TEXT,
    body TEXT NOT NULL
);
CREATE INDEX feedback_prediction ON feedback (prediction);
CREATE INDEX feedback_entity ON feedback (endpoint, entity, at_micros);
CREATE INDEX feedback_replaces ON feedback (replaces);

-- Predictions that were reported to us, by the reporter's id.
CREATE TABLE reported (
    endpoint TEXT NOT NULL,
    id TEXT NOT NULL,
    digest TEXT NOT NULL,
    prediction TEXT NOT NULL,
    PRIMARY KEY (endpoint, id)
);
