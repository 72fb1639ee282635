use super::{folder, open};
use crate::database::{VERSION, migrate};
use crate::{EventLog, Lane, Store, StoreError, StoreOptions};
use rusqlite::Connection;
use service::model::{Job, RunTrials, SnapshotType, Video};
use service::ports::{Clock, Registration, SystemClock};
use service::test_suite as suite;
use std::path::Path;

fn set_version(data: &Path, version: i64) {
    let connection = Connection::open(data.join("vod-snapshot.db")).unwrap();
    connection
        .pragma_update(None, "user_version", version)
        .unwrap();
}

#[test]
fn an_empty_database_is_brought_up_to_date_once() {
    let mut connection = Connection::open_in_memory().unwrap();
    for _ in 0..2 {
        migrate(&mut connection, Path::new("x.db")).unwrap();
        let version: i64 = connection
            .query_row("PRAGMA user_version", [], |row| row.get(0))
            .unwrap();
        assert_eq!(version, VERSION);
    }
    let tables: i64 = connection
        .query_row(
            "SELECT count(*) FROM sqlite_schema WHERE name = 'jobs'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(tables, 1);
}

#[test]
fn a_newer_database_is_left_alone() {
    let data = folder();
    drop(open(data.path()));
    set_version(data.path(), VERSION + 1);
    let error = Store::open(data.path(), StoreOptions::default()).unwrap_err();
    assert!(matches!(error, StoreError::TooNew { .. }), "{error}");
    assert!(
        error.to_string().contains("use the newer program"),
        "{error}"
    );
    let error = EventLog::open_read_only(data.path()).unwrap_err();
    assert!(matches!(error, StoreError::TooNew { .. }), "{error}");
}

#[test]
fn a_reader_does_not_change_an_older_database() {
    let data = folder();
    drop(open(data.path()));
    set_version(data.path(), 0);
    let error = EventLog::open_read_only(data.path()).unwrap_err();
    assert!(matches!(error, StoreError::TooOld { .. }), "{error}");
}

#[test]
fn commits_reach_the_disk() {
    let data = folder();
    drop(open(data.path()));
    let path = data.path().join("vod-snapshot.db");
    let connection = crate::database::open_for_writing(&path).unwrap();
    let pragma = |name: &str| {
        let value = connection.pragma_query_value(None, name, |row| {
            Ok(match row.get_ref(0)? {
                rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                other => other.as_str()?.to_owned(),
            })
        });
        value.unwrap()
    };
    let settings = [
        "journal_mode",
        "synchronous",
        "foreign_keys",
        "busy_timeout",
    ]
    .map(pragma);
    assert_eq!(settings, ["wal", "2", "1", "5000"]);
}

/// A folder of before there were trials: its jobs had none, and its messages are as good as new.
#[tokio::test]
async fn jobs_and_messages_of_the_first_format_go_on() {
    let data = folder();
    let job = Job {
        extend: None,
        callback_url: None,
        ..suite::job(&"v".into(), SnapshotType::NormalSnapshot, 1)
    };
    let connection = Connection::open(data.path().join("vod-snapshot.db")).unwrap();
    let first = include_str!("../../migrations/0001_first.sql");
    connection.execute_batch(first).unwrap();
    let insert = "INSERT INTO jobs VALUES (?1, ?2, ?3, ?4, ?5, NULL, NULL, ?6, 'Queued', NULL, 0)";
    let spec = serde_json::to_string(&job.spec).unwrap();
    let kind = job.kind.name();
    let (id, video_id) = (job.id.as_str(), job.video_id.as_str());
    let values = (id, video_id, job.request_id.as_str(), spec, kind, 1);
    connection.execute(insert, values).unwrap();
    let probe = "INSERT INTO messages (body) VALUES ('{\"Probe\":{\"video_id\":\"v\"}}');
        PRAGMA user_version = 1;";
    connection.execute_batch(probe).unwrap();
    drop(connection);
    let store = open(data.path());
    let jobs = store.ports().jobs;
    assert_eq!(jobs.get(&job.id).await.unwrap(), Some(job.clone()));
    let trials = jobs.start(&job.id).await.unwrap();
    assert_eq!(trials, Some(RunTrials::default()));
    let day_ms = 24 * 60 * 60 * 1000;
    let mut received = Vec::new();
    while let Some(delivery) = store.receive(0, 1000).await.unwrap() {
        assert!(SystemClock.now_ms() - delivery.sent_ms < day_ms);
        received.push(delivery.message);
    }
    assert_eq!(
        received.len(),
        2,
        "the job's and the one before: {received:?}"
    );
}

/// A FileURL belonged to one video alone.
#[tokio::test]
async fn videos_of_the_format_before_go_on() {
    let data = folder();
    let connection = Connection::open(data.path().join("vod-snapshot.db")).unwrap();
    for migration in [
        include_str!("../../migrations/0001_first.sql"),
        include_str!("../../migrations/0002_trials.sql"),
        include_str!("../../migrations/0003_receivers_and_retention.sql"),
        include_str!("../../migrations/0004_client_tokens.sql"),
        include_str!("../../migrations/0005_places_and_progress.sql"),
        include_str!("../../migrations/0006_video_lists.sql"),
        include_str!("../../migrations/0007_uploads.sql"),
    ] {
        connection.execute_batch(migration).unwrap();
    }
    let insert = "INSERT INTO videos VALUES (?1, ?2, 't', 'd', 'a,b', -1, ?3, 'u', 'c', 'Normal',
        1, 2, 3, NULL, ?4, '{\"all_until_ms\":7}')";
    let rows = [
        ("old", "file:///m/a%20b.mp4", None, None),
        ("new", "/m/c.mp4", Some("reference"), Some("/m/c.mp4")),
    ];
    for row in rows {
        connection.execute(insert, row).unwrap();
    }
    connection.pragma_update(None, "user_version", 7).unwrap();
    drop(connection);
    let videos = open(data.path()).ports().videos;
    for (id, file_url, reference_id, place) in rows {
        let video = videos.by_id(&id.into()).await.unwrap().unwrap();
        assert_eq!(
            (video.file_url.as_str(), video.place.as_deref()),
            (file_url, place)
        );
        assert_eq!(video.reference_id.as_deref(), reference_id);
        assert_eq!(video.cover_url.as_deref(), Some("c"));
        assert_eq!(video.deletions.all_until_ms, Some(7));
    }
    let again = Video {
        file_url: "/m/a b.mp4".to_owned(),
        place: Some("/m/a b.mp4".to_owned()),
        ..suite::video()
    };
    let registered = videos.register(again).await.unwrap();
    assert!(matches!(registered, Registration::Known(known) if known.id == "old"));
    // From now on it has a place, and its URL leads to no other.
    let other = Video {
        file_url: "file:///m/a%20b.mp4".to_owned(),
        place: Some("/m/a%20b.mp4".to_owned()),
        ..suite::video()
    };
    let registered = videos.register(other.clone()).await.unwrap();
    assert_eq!(registered, Registration::New(other));
}

/// Workers that run jobs took deletions.
#[tokio::test]
async fn deletions_of_the_format_before_wait_for_ever() {
    let data = folder();
    drop(open(data.path()));
    let connection = Connection::open(data.path().join("vod-snapshot.db")).unwrap();
    let insert = "INSERT INTO messages (body, lane, in_flight) VALUES (?1, 0, 1)";
    for body in [
        r#"{"DeletePictures":{"video_id":"v","image_type":"All","until_ms":1}}"#,
        r#"{"DeleteVideo":{"video_id":"v"}}"#,
        r#"{"Probe":{"video_id":"v"}}"#,
    ] {
        connection.execute(insert, [body]).unwrap();
    }
    // What came after that format.
    let undo = "DROP INDEX uploads_of_key; ALTER TABLE uploads DROP COLUMN url_key";
    connection.execute_batch(undo).unwrap();
    connection.pragma_update(None, "user_version", 8).unwrap();
    drop(connection);
    let store = open(data.path());
    let mut received = Vec::new();
    for lane in [Lane::Jobs, Lane::Deletions] {
        while let Some(delivery) = store.receive_of(lane, 0, 1000).await.unwrap() {
            received.push((lane, delivery.message.kind()));
        }
    }
    let expected = [
        (Lane::Jobs, "probe"),
        (Lane::Deletions, "delete_pictures"),
        (Lane::Deletions, "delete_video"),
    ];
    assert_eq!(received, expected);
}
