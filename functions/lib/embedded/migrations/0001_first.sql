CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE videos (
    id           TEXT PRIMARY KEY,
    file_url     TEXT NOT NULL UNIQUE,
    title        TEXT NOT NULL,
    description  TEXT,
    tags         TEXT,
    cate_id      INTEGER,
    reference_id TEXT UNIQUE,
    user_data    TEXT,
    cover_url    TEXT,
    status       TEXT NOT NULL,
    created_ms   INTEGER NOT NULL,
    modified_ms  INTEGER NOT NULL,
    size_bytes   INTEGER NOT NULL,
    facts        TEXT -- JSON
) STRICT;

CREATE TABLE jobs (
    id              TEXT PRIMARY KEY,
    video_id        TEXT NOT NULL,
    request_id      TEXT NOT NULL,
    spec            TEXT NOT NULL, -- JSON
    kind            TEXT NOT NULL,
    extend          TEXT,
    callback_url    TEXT,
    created_ms      INTEGER NOT NULL,
    status          TEXT NOT NULL CHECK (status IN ('Queued', 'Processing', 'Success', 'Fail')),
    completion      TEXT, -- JSON
    event_published INTEGER NOT NULL,
    CHECK ((completion IS NULL) = (status IN ('Queued', 'Processing')))
) STRICT;

CREATE INDEX jobs_of_video ON jobs (video_id, created_ms, id);
CREATE INDEX jobs_that_succeeded ON jobs (video_id, kind, created_ms, id) WHERE status = 'Success';
-- What is left to do for a job ends with its event, so these are the jobs that need a message.
CREATE INDEX jobs_unpublished ON jobs (id) WHERE event_published = 0;

CREATE TABLE templates (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    config      TEXT NOT NULL,
    app_id      TEXT NOT NULL,
    created_ms  INTEGER NOT NULL,
    modified_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX templates_of_app ON templates (app_id, created_ms, id);

CREATE TABLE callbacks (
    app_id   TEXT PRIMARY KEY,
    settings TEXT NOT NULL -- JSON
) STRICT;

CREATE TABLE nonces (
    key_id     TEXT NOT NULL,
    nonce      TEXT NOT NULL,
    expires_ms INTEGER NOT NULL,
    PRIMARY KEY (key_id, nonce)
) STRICT, WITHOUT ROWID;

CREATE INDEX nonces_by_expiry ON nonces (expires_ms);

-- AUTOINCREMENT: a number is never used again, so an old receipt never fits a new message.
CREATE TABLE messages (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id     TEXT,
    body       TEXT NOT NULL, -- JSON
    receives   INTEGER NOT NULL DEFAULT 0,
    in_flight  INTEGER NOT NULL DEFAULT 0,
    visible_ms INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX messages_by_visibility ON messages (visible_ms);
CREATE INDEX messages_of_job ON messages (job_id) WHERE job_id IS NOT NULL;

-- AUTOINCREMENT: followers of the log remember the last number they saw.
CREATE TABLE events (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    id           TEXT NOT NULL UNIQUE,
    event_type   TEXT NOT NULL,
    status       TEXT NOT NULL,
    video_id     TEXT NOT NULL,
    job_id       TEXT NOT NULL,
    at_ms        INTEGER NOT NULL,
    callback_url TEXT,
    body         BLOB NOT NULL
) STRICT;

CREATE TABLE deliveries (
    id        INTEGER PRIMARY KEY,
    event_seq INTEGER NOT NULL REFERENCES events (seq),
    url       TEXT NOT NULL,
    attempts  INTEGER NOT NULL DEFAULT 0,
    first_ms  INTEGER NOT NULL,
    next_ms   INTEGER NOT NULL DEFAULT 0,
    outcome   TEXT CHECK (outcome IN ('delivered', 'given up')),
    UNIQUE (event_seq, url)
) STRICT;

CREATE INDEX deliveries_open ON deliveries (next_ms, id) WHERE outcome IS NULL;
