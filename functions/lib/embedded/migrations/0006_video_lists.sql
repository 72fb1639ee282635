-- Until when pictures of a video were deleted, as JSON; none: never.
ALTER TABLE videos ADD COLUMN deletions TEXT;

-- Newest first, or oldest first. What lists are narrowed by most stands in it, so that counting
-- reads the index alone.
CREATE INDEX videos_by_creation ON videos (created_ms, id, status, cate_id);
