-- Where the file of a video lies, spelt in one way. A video of before gets its own when its file is
-- registered again.
ALTER TABLE videos ADD COLUMN place TEXT;
CREATE UNIQUE INDEX videos_by_place ON videos (place) WHERE place IS NOT NULL;

-- How far a job is, as a run last said: JSON. Nothing is known of a job of before.
ALTER TABLE jobs ADD COLUMN progress TEXT;
