-- What is desired of an endpoint (its declaration) beside what is live (a version for each component).
CREATE TABLE endpoint (
    name TEXT NOT NULL PRIMARY KEY,
    declaration TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    live TEXT NOT NULL,
    loaded BOOLEAN NOT NULL
);

-- The schemas by which log records are read. Never deleted: the log may hold records of any of them.
CREATE TABLE logged_schema (
    hash BIGINT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
);
