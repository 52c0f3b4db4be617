-- Named tokens. The secret itself is never here.
CREATE TABLE tokens (
    name    TEXT   NOT NULL PRIMARY KEY,
    role    TEXT   NOT NULL,
    key_id  TEXT   NOT NULL UNIQUE, -- the part of the token by which it is found
    hash    TEXT   NOT NULL,        -- SHA-256 of the whole token
    at      BIGINT NOT NULL,        -- microseconds since 1970
    who     TEXT   NOT NULL
);
