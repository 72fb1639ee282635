-- Uploads by URL.
CREATE TABLE uploads (
    id               TEXT PRIMARY KEY,
    source_url       TEXT NOT NULL,
    created_ms       INTEGER NOT NULL,
    request          TEXT NOT NULL, -- JSON
    begun            INTEGER NOT NULL DEFAULT 0,
    ending           TEXT, -- JSON
    events_published INTEGER NOT NULL DEFAULT 0,
    trials           TEXT -- JSON
) STRICT;

CREATE INDEX uploads_of_url ON uploads (source_url, created_ms, id);
CREATE INDEX uploads_to_publish ON uploads (created_ms, id) WHERE events_published = 0;
CREATE INDEX uploads_by_end ON uploads (ending ->> '$.at_ms') WHERE ending IS NOT NULL;

-- Where uploaded files lay when a server last ran; one row. FileURLs begin with it.
CREATE TABLE upload_folders (path TEXT NOT NULL) STRICT;

-- 0: work that somebody waits for. 1: downloads, which have workers of their own. 2: what nobody
-- waits for, and comes after all of 0.
ALTER TABLE messages ADD COLUMN lane INTEGER NOT NULL DEFAULT 0;
DROP INDEX messages_by_visibility;
CREATE INDEX messages_by_visibility ON messages (lane, visible_ms);
CREATE INDEX messages_by_lane ON messages (lane, seq);
