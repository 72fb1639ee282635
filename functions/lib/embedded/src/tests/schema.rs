use super::{folder, open};
use crate::database::{VERSION, migrate};
use crate::{EventLog, Store, StoreError, StoreOptions};
use rusqlite::Connection;
use service::model::{Job, RunTrials, SnapshotType};
use service::ports::{Clock, SystemClock};
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
