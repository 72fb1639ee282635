-- Jobs of all videos, newest first.
CREATE INDEX jobs_by_creation ON jobs (created_ms, id);
