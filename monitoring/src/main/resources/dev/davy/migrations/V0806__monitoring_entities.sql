-- Truth that is told of an entity, and the predictions that it may be of: of endpoints that join so.
CREATE TABLE entity_predictions (
    endpoint   TEXT   NOT NULL,
    entity     TEXT   NOT NULL, -- as the log has it
    prediction TEXT   NOT NULL,
    at         BIGINT NOT NULL, -- microseconds since 1970, of event time
    received   BIGINT NOT NULL,
    PRIMARY KEY (endpoint, entity, prediction)
);
CREATE INDEX entity_predictions_id ON entity_predictions (prediction);

CREATE TABLE entity_truths (
    endpoint TEXT   NOT NULL,
    entity   TEXT   NOT NULL,
    feedback TEXT   NOT NULL, -- its id
    output   TEXT   NOT NULL,
    at       BIGINT NOT NULL, -- microseconds since 1970, when it became known
    received BIGINT NOT NULL,
    replaces TEXT   NOT NULL, -- the feedback that it corrects; '': none
    truth    TEXT   NOT NULL, -- JSON
    PRIMARY KEY (endpoint, entity, feedback)
);
