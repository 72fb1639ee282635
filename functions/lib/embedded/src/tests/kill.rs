//! A process killed while it accepts jobs.

use super::{folder, open};
use service::model::{Message, SnapshotType};
use service::test_suite as suite;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// Where the process that gets killed keeps its data.
const DATA: &str = "EMBEDDED_TEST_DATA";
/// Before each id of an accepted job.
const ACCEPTED: &str = "accepted ";

/// Not a test: what the killed process does.
#[tokio::test]
#[ignore = "runs in the process that is killed"]
async fn accept_jobs_for_ever() {
    let Ok(data) = std::env::var(DATA) else {
        return;
    };
    let ports = open(Path::new(&data)).ports();
    loop {
        let job = suite::job(&"v".into(), SnapshotType::NormalSnapshot, 0);
        ports.jobs.create(&job).await.unwrap();
        let message = Message::Snapshot {
            job_id: job.id.clone(),
            request_id: "R".into(),
        };
        ports.queue.send(&message).await.unwrap();
        writeln!(std::io::stdout(), "\n{ACCEPTED}{}", job.id).unwrap();
    }
}

/// The ids of the jobs that were accepted before the kill.
fn accept_and_kill(data: &Path, at_least: usize) -> BTreeSet<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "tests::kill::accept_jobs_for_ever",
            "--ignored",
            "--nocapture",
        ])
        .env(DATA, data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    let mut accepted = BTreeSet::new();
    for line in lines {
        accepted.extend(line.strip_prefix(ACCEPTED).map(str::to_owned));
        if accepted.len() == at_least {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    // The last line may have been cut short.
    accepted.retain(|id| id.len() == 32);
    assert!(accepted.len() >= at_least);
    accepted
}

#[tokio::test]
async fn a_kill_loses_no_accepted_job() {
    let data = folder();
    let mut accepted = BTreeSet::new();
    for _ in 0..3 {
        accepted.append(&mut accept_and_kill(data.path(), 20));
    }
    let store = open(data.path());
    let mut received = BTreeSet::new();
    while let Some(delivery) = store.receive(0, 1).await.unwrap() {
        let Message::Snapshot { job_id, .. } = delivery.message else {
            panic!()
        };
        assert!(store.ports().jobs.get(&job_id).await.unwrap().is_some());
        received.insert(job_id.to_string());
    }
    assert!(accepted.is_subset(&received), "{accepted:?} {received:?}");
}
