-- 3: deletions, which have a worker of their own from now on.
UPDATE messages SET lane = 3
    WHERE body ->> '$.DeletePictures' IS NOT NULL OR body ->> '$.DeleteVideo' IS NOT NULL;
