-- What is counted for those who watch a server, without a look at each row.
CREATE INDEX jobs_by_status ON jobs (status);
CREATE INDEX deliveries_given_up ON deliveries (id) WHERE outcome = 'given up';
