-- What all spellings of the URL have in common; none for what was uploaded before.
ALTER TABLE uploads ADD COLUMN url_key TEXT;
CREATE INDEX uploads_of_key ON uploads (url_key, created_ms, id);
