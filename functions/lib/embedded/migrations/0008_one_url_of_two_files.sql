-- A FileURL may come to name another file, as a symlink does: two videos may have been registered by
-- the same one. What leads to a video is its place; the FileURL alone leads to one of before places
-- were kept.
CREATE TABLE videos_of_places (
    id           TEXT PRIMARY KEY,
    file_url     TEXT NOT NULL,
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
    facts        TEXT, -- JSON
    place        TEXT,
    deletions    TEXT -- JSON
) STRICT;

INSERT INTO videos_of_places SELECT id, file_url, title, description, tags, cate_id, reference_id,
    user_data, cover_url, status, created_ms, modified_ms, size_bytes, facts, place, deletions
    FROM videos;
DROP TABLE videos;
ALTER TABLE videos_of_places RENAME TO videos;

CREATE UNIQUE INDEX videos_by_place ON videos (place) WHERE place IS NOT NULL;
CREATE INDEX videos_by_url ON videos (file_url);
CREATE INDEX videos_by_creation ON videos (created_ms, id, status, cate_id);
