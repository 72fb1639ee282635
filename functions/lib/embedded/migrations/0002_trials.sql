-- What is remembered of the runs of a job that has not ended. A job of before has had none.
ALTER TABLE jobs ADD COLUMN unended_runs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN faults INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN missing_since_ms INTEGER;
ALTER TABLE jobs ADD COLUMN waiting_since_ms INTEGER;

-- Work that belongs to no job is given up by its age. What was sent before counts from now.
ALTER TABLE messages ADD COLUMN sent_ms INTEGER NOT NULL DEFAULT 0;
UPDATE messages SET sent_ms = unixepoch('now') * 1000;
