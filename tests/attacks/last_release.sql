-- A data folder as release 0.1.0 leaves it when it is killed: a job that has ended whose event
-- nobody took, one that runs, two that wait, and a message of every shape. @...@ is filled in.
PRAGMA foreign_keys = OFF;
BEGIN TRANSACTION;
CREATE TABLE callbacks (
    app_id   TEXT PRIMARY KEY,
    settings TEXT NOT NULL -- JSON
) STRICT;
INSERT INTO "callbacks" VALUES('app-1000000','{"app_id":"app-1000000","callback_type":"HTTP","callback_url":"@RECEIVER@","event_types":["ALL"],"auth_key":null,"auth_switch":false,"mns_endpoint":null,"mns_queue_name":null}');
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
INSERT INTO "deliveries" VALUES(1,1,'@RECEIVER@',3,1700000000741,1700000004855,NULL);
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
INSERT INTO "events" VALUES(1,'SnapshotComplete-fb4c9e0d86404fa1978bec135c87e25e','SnapshotComplete','success','f5925806985a441da172ef6527a5d039','fb4c9e0d86404fa1978bec135c87e25e',1700000000728,'@RECEIVER@',X'7B224576656E7454696D65223A22323032362D31312D32355431373A35303A30305A222C224576656E7454797065223A22536E617073686F74436F6D706C657465222C2253756254797065223A2253706563696669656454696D65222C22566964656F4964223A226635393235383036393835613434316461313732656636353237613564303339222C22537461747573223A2273756363657373222C22436F76657255726C223A22687474703A2F2F3132372E302E302E313A34343732312F66353932353830363938356134343164613137326566363532376135643033392F736E617073686F74732F66623463396530643836343034666131393738626563313335633837653235652D30303030312E6A7067222C22536E617073686F74496E666F73223A5B7B22537461747573223A2273756363657373222C22536E617073686F7454797065223A224E6F726D616C536E617073686F74222C22536E617073686F74436F756E74223A322C22536E617073686F74466F726D6174223A2266353932353830363938356134343164613137326566363532376135643033392F736E617073686F74732F66623463396530643836343034666131393738626563313335633837653235652D7B536E617073686F74436F756E747D2E6A7067222C22536E617073686F74526567756C6172223A22687474703A2F2F3132372E302E302E313A34343732312F66353932353830363938356134343164613137326566363532376135643033392F736E617073686F74732F66623463396530643836343034666131393738626563313335633837653235652D7B536E617073686F74436F756E747D2E6A7067222C224A6F624964223A226662346339653064383634303466613139373862656331333563383765323565227D5D7D');
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
INSERT INTO "jobs" VALUES('fb4c9e0d86404fa1978bec135c87e25e','f5925806985a441da172ef6527a5d039','F42EFA3B-3974-44EC-A1ED-3233FB86015F','{"points":{"Every":{"interval_s":1,"count":2,"offset_ms":0}},"width":160,"height":null,"frame_type":"Normal","sprite":null}','NormalSnapshot',NULL,NULL,1700000000225,'Success','{"at_ms":1700000000728,"event_id":"SnapshotComplete-fb4c9e0d86404fa1978bec135c87e25e","result":{"Success":{"pictures":2,"sheets":0,"keeps_pictures":true}}}',1);
INSERT INTO "jobs" VALUES('a49d4d98dfdc474ba9cac43121ba09c0','f5925806985a441da172ef6527a5d039','572D0966-4084-4849-9576-ED1199B9F9CF','{"points":{"Every":{"interval_s":1,"count":3,"offset_ms":0}},"width":160,"height":null,"frame_type":"Normal","sprite":null}','NormalSnapshot',NULL,NULL,1700000001833,'Processing',NULL,0);
INSERT INTO "jobs" VALUES('2bb9ee7578cd41869d56c596106a4da2','2897278a052c4002980ce03ea3efa371','7745A5D6-869E-4BDB-AC81-D322F006BFE1','{"points":{"Every":{"interval_s":1,"count":1,"offset_ms":0}},"width":160,"height":null,"frame_type":"Normal","sprite":null}','NormalSnapshot','{"a":1}',NULL,1700000003386,'Queued',NULL,0);
INSERT INTO "jobs" VALUES('b1e514a739994bc9ae5cafc050dac96f','f5925806985a441da172ef6527a5d039','F922AF7C-4F17-4D1A-AA5B-C6759F20A4F6','{"points":{"Every":{"interval_s":1,"count":2,"offset_ms":0}},"width":160,"height":null,"frame_type":"Normal","sprite":null}','WebVttSnapshot',NULL,NULL,1700000003411,'Queued',NULL,0);
CREATE TABLE messages (
    seq        INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id     TEXT,
    body       TEXT NOT NULL, -- JSON
    receives   INTEGER NOT NULL DEFAULT 0,
    in_flight  INTEGER NOT NULL DEFAULT 0,
    visible_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO "messages" VALUES(3,'a49d4d98dfdc474ba9cac43121ba09c0','{"Snapshot":{"job_id":"a49d4d98dfdc474ba9cac43121ba09c0","request_id":"572D0966-4084-4849-9576-ED1199B9F9CF"}}',1,1,1700000061841);
INSERT INTO "messages" VALUES(4,NULL,'{"Probe":{"video_id":"2897278a052c4002980ce03ea3efa371"}}',0,0,0);
INSERT INTO "messages" VALUES(5,'2bb9ee7578cd41869d56c596106a4da2','{"Snapshot":{"job_id":"2bb9ee7578cd41869d56c596106a4da2","request_id":"7745A5D6-869E-4BDB-AC81-D322F006BFE1"}}',0,0,0);
INSERT INTO "messages" VALUES(6,'b1e514a739994bc9ae5cafc050dac96f','{"Snapshot":{"job_id":"b1e514a739994bc9ae5cafc050dac96f","request_id":"F922AF7C-4F17-4D1A-AA5B-C6759F20A4F6"}}',0,0,0);
INSERT INTO "messages" VALUES(7,NULL,'{"Arrival":{"file_url":"@MEDIA@/arrived.mp4","title":"arrived.mp4","tag":"1"}}',0,0,0);
CREATE TABLE nonces (
    key_id     TEXT NOT NULL,
    nonce      TEXT NOT NULL,
    expires_ms INTEGER NOT NULL,
    PRIMARY KEY (key_id, nonce)
) STRICT, WITHOUT ROWID;
CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;
INSERT INTO "secrets" VALUES('signed URLs',X'AD82C93541E042FC0FECE9F0B3F9A78E82FD2D5A8AE5D90141F5313CDEADAD42');
CREATE TABLE templates (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    config      TEXT NOT NULL,
    app_id      TEXT NOT NULL,
    created_ms  INTEGER NOT NULL,
    modified_ms INTEGER NOT NULL
) STRICT;
INSERT INTO "templates" VALUES('ae6a001eb8dc49f2a15bb0b75cf3504e','a template','{"SnapshotType": "WebVttSnapshot", "SnapshotConfig": {"Count": 2, "Width": 160}}','app-1000000',1700000000223,1700000000223);
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
INSERT INTO "videos" VALUES('f5925806985a441da172ef6527a5d039','@MEDIA@/one.mp4','a test',NULL,NULL,NULL,NULL,NULL,NULL,'UploadSucc',1700000000220,1700000000227,52764,'{"duration_ms":10000,"width":640,"height":360,"frame_rate":24.999999999999996,"codec":"h264","size_bytes":52764}');
INSERT INTO "videos" VALUES('2897278a052c4002980ce03ea3efa371','@MEDIA@/two.mp4','a test',NULL,NULL,NULL,NULL,NULL,NULL,'UploadSucc',1700000003350,1700000003350,52764,NULL);
CREATE INDEX jobs_of_video ON jobs (video_id, created_ms, id);
CREATE INDEX jobs_that_succeeded ON jobs (video_id, kind, created_ms, id) WHERE status = 'Success';
CREATE INDEX jobs_unpublished ON jobs (id) WHERE event_published = 0;
CREATE INDEX templates_of_app ON templates (app_id, created_ms, id);
CREATE INDEX nonces_by_expiry ON nonces (expires_ms);
CREATE INDEX messages_by_visibility ON messages (visible_ms);
CREATE INDEX messages_of_job ON messages (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX deliveries_open ON deliveries (next_ms, id) WHERE outcome IS NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('messages',7);
INSERT INTO "sqlite_sequence" VALUES('events',1);
COMMIT;
PRAGMA user_version = 1;
