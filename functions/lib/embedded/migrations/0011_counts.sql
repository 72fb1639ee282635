-- From now on, lane 4: what takes no longer than a call, jobs of few pictures and looks into files.
-- What is queued stays in the lane that it has.

-- What is counted for those who watch a server, without a look at each row.
CREATE INDEX IF NOT EXISTS jobs_by_status ON jobs (status);
CREATE INDEX IF NOT EXISTS deliveries_given_up ON deliveries (id) WHERE outcome = 'given up';
