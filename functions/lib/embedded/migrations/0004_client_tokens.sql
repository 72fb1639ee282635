-- What makes a retried call the same call. `answers` counts the calls that were told of the job or
-- still may be: when the last of them was answered otherwise, the job is taken back.
CREATE TABLE client_tokens (
    key_id      TEXT NOT NULL,
    token       TEXT NOT NULL,
    fingerprint TEXT NOT NULL, -- of the call's other parameters
    job_id      TEXT NOT NULL,
    answers     INTEGER NOT NULL,
    expires_ms  INTEGER NOT NULL,
    PRIMARY KEY (key_id, token)
) STRICT, WITHOUT ROWID;

CREATE INDEX client_tokens_by_expiry ON client_tokens (expires_ms);
