-- Who is to be told of events, by the origin of the URL: one machine that is away is one trouble,
-- however many URLs lead to it.
CREATE TABLE receivers (
    origin          TEXT PRIMARY KEY,
    standing        TEXT NOT NULL CHECK (standing IN ('new', 'quick', 'slow')),
    -- Attempts in a row without an answer, and since when.
    unanswered      INTEGER NOT NULL DEFAULT 0,
    silent_since_ms INTEGER,
    paused_until_ms INTEGER NOT NULL DEFAULT 0,
    -- When it has its next turn; none: nothing is open for it.
    turn_ms         INTEGER,
    -- When it was last told something, or was to be.
    seen_ms         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX receivers_by_turn ON receivers (standing, turn_ms) WHERE turn_ms IS NOT NULL;
CREATE INDEX receivers_idle ON receivers (seen_ms) WHERE turn_ms IS NULL;

-- Open deliveries of before get theirs when a server starts.
ALTER TABLE deliveries ADD COLUMN receiver TEXT;

DROP INDEX deliveries_open;
CREATE INDEX deliveries_of_receiver ON deliveries (receiver, next_ms, id) WHERE outcome IS NULL;
CREATE INDEX deliveries_by_age ON deliveries (receiver, first_ms) WHERE outcome IS NULL;

-- What is old enough to be removed, oldest first.
CREATE INDEX events_by_time ON events (at_ms);
CREATE INDEX jobs_by_end ON jobs (completion ->> '$.at_ms', id) WHERE completion IS NOT NULL;

-- The last job, in the order of jobs_by_end, whose pictures were removed for their age.
CREATE TABLE pictures_removed (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    ended_ms INTEGER NOT NULL,
    job_id   TEXT NOT NULL
) STRICT;
