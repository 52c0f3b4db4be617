-- What stands beside the live arm: a candidate with its share, and what was live before and is kept warm.
ALTER TABLE endpoint ADD COLUMN beside TEXT;
ALTER TABLE endpoint ADD COLUMN kept TEXT;
-- Whether the live arm still runs in a child process, as it did as a candidate.
ALTER TABLE endpoint ADD COLUMN isolated BOOLEAN NOT NULL DEFAULT FALSE;
