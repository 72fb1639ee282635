use super::{folder, open};
use crate::Store;
use crate::database::{Database, SqlError, SqlResult, open_for_writing};
use crate::folder::Folder;
use rusqlite::Connection;
use service::deadline::CallDeadline;
use service::model::{Job, SnapshotType};
use service::ports::{Acceptance, CallToken, PortResult};
use service::test_suite as suite;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

fn job() -> Job {
    suite::job(&"v".into(), SnapshotType::NormalSnapshot, 1)
}

fn token() -> CallToken {
    CallToken {
        key_id: "k".to_owned(),
        token: "t".to_owned(),
        fingerprint: "f".to_owned(),
    }
}

/// What is kept of jobs, messages and tokens, by another reader of the file.
fn rows(data: &Path) -> [i64; 3] {
    let sql = Connection::open(data.join("vod-snapshot.db")).unwrap();
    ["jobs", "messages", "client_tokens"].map(|table| {
        let count = format!("SELECT count(*) FROM {table}");
        sql.query_row(&count, [], |row| row.get(0)).unwrap()
    })
}

/// Accepts for a call of which nobody knows that its time is over until this is asked.
async fn accept(
    store: &Store,
    deadline: &CallDeadline,
    job: &Job,
    token: Option<&CallToken>,
) -> PortResult<Acceptance> {
    let submissions = store.ports().submissions;
    let accepting = submissions.accept(job, token);
    deadline.clone().scope(accepting).await
}

/// Somebody else holds the file until this is dropped.
fn hold(data: &Path) -> Connection {
    let other = Connection::open(data.join("vod-snapshot.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    other
}

/// The caller was answered 503 while the store was held; the job was written afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_not_written_after_its_call_was_answered() {
    let data = folder();
    let store = open(data.path());
    let held = hold(data.path());
    let deadline = CallDeadline::after(Duration::from_secs(60));
    let (asked, given) = (deadline.clone(), job());
    let writing = store.clone();
    let accepting = tokio::spawn(async move { accept(&writing, &asked, &given, None).await });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(deadline.refuse(), "the transport answers");
    drop(held);
    assert_eq!(accepting.await.unwrap().unwrap(), Acceptance::TooLate);
    assert_eq!(rows(data.path()), [0, 0, 0]);
}

/// Other writes of a call are not made late either: a retry would make them again.
#[tokio::test(flavor = "multi_thread")]
async fn no_write_begins_after_its_call_was_answered() {
    let data = folder();
    let store = open(data.path());
    let over = CallDeadline::after(Duration::ZERO);
    let nonces = store.ports().nonces;
    let using = over.scope(nonces.use_once("k", "n", 4_000_000_000_000));
    let refused = using.await.unwrap_err().to_string();
    assert_eq!(refused, "nonces: the time of the call is over");
    assert!(nonces.use_once("k", "n", 4_000_000_000_000).await.unwrap());
}

/// The time ran out during the commit: nothing meets the job before it is taken back.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_job_whose_call_was_answered_during_the_commit_is_taken_back() {
    let data = folder();
    let store = open(data.path());
    for (round, token) in [None, Some(token())]
        .into_iter()
        .cycle()
        .take(40)
        .enumerate()
    {
        let deadline = CallDeadline::after(Duration::from_secs(60));
        let refusing = deadline.clone();
        // Sooner or later than the commit, as it comes.
        let delay = Duration::from_micros(u64::try_from(round).unwrap() * 40);
        let refused = std::thread::spawn(move || {
            std::thread::sleep(delay);
            refusing.refuse()
        });
        let given = job();
        let accepted = accept(&store, &deadline, &given, token.as_ref())
            .await
            .unwrap();
        let told_otherwise = refused.join().unwrap();
        assert_eq!(
            accepted == Acceptance::TooLate,
            told_otherwise,
            "{accepted:?}"
        );
        let received = store.receive(i64::MAX, 1).await.unwrap();
        let there = store.ports().jobs.get(&given.id).await.unwrap();
        assert_eq!(there.is_some(), accepted == Acceptance::New);
        assert_eq!(received.is_some(), accepted != Acceptance::TooLate);
        let sql = Connection::open(data.path().join("vod-snapshot.db")).unwrap();
        sql.execute_batch("DELETE FROM messages; DELETE FROM client_tokens")
            .unwrap();
    }
}

/// What is to be taken back goes before all else, until the store lets it be taken back.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_before_what_is_to_be_taken_back() {
    let data = folder();
    let folder = Folder::own(data.path()).unwrap();
    let path = folder.database();
    let database = Database::start(open_for_writing(&path).unwrap(), &path, folder).unwrap();
    let insert = "INSERT INTO messages (body) VALUES ('{}')";
    let count = |sql: &Connection| -> SqlResult<i64> {
        Ok(sql.query_row("SELECT count(*) FROM messages", [], |row| row.get(0))?)
    };
    let wake = Arc::default();
    let (deadline, tries) = (CallDeadline::none(), Arc::new(AtomicU32::new(0)));
    let (refusing, trying) = (deadline.clone(), Arc::clone(&tries));
    let writing = database.write_if_accepted(
        "test",
        &wake,
        move |sql| {
            sql.execute(insert, [])?;
            // While this runs, the transport answers.
            assert!(refusing.refuse());
            Ok(())
        },
        move |sql, ()| {
            if trying.fetch_add(1, Ordering::SeqCst) < 2 {
                return Err(SqlError::Closed);
            }
            sql.execute("DELETE FROM messages", [])?;
            Ok(())
        },
    );
    assert_eq!(deadline.scope(writing).await.unwrap(), None);
    let seen = loop {
        if let Ok(seen) = database.write("test", count).await {
            break seen;
        }
    };
    assert_eq!(seen, 0);
    assert_eq!(tries.load(Ordering::SeqCst), 3);
}
