-- Jobs of all videos, newest first.
CREATE INDEX IF NOT EXISTS jobs_by_creation ON jobs (created_ms, id);
