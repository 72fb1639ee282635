//! Submits that are answered late, or sent again.

use crate::signatures::rows;
use serde_json::Value;
use std::io::Write;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Duration;
use support::locked::Holder;
use support::server::{Reply, Server, Setup};
use tempfile::TempDir;

struct Bench {
    server: Server,
    video: String,
    folder: TempDir,
}

impl Bench {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let clip = support::numbered_clip();
        let server = Server::start(&setup(folder.path(), &clip));
        let video = server.register(&clip);
        Self {
            server,
            video,
            folder,
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn submit(&self, more: &[(&str, &str)]) -> Reply {
        let fixed = [("VideoId", &*self.video), ("Count", "1"), ("Width", "64")];
        self.server
            .call("SubmitSnapshotJob", &[&fixed, more].concat())
    }

    fn jobs(&self) -> usize {
        rows(&self.data(), "jobs")
    }
}

fn setup(folder: &Path, clip: &Path) -> Setup {
    Setup {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
        data: folder.join("data"),
        media_root: clip.parent().unwrap().to_owned(),
        arguments: Vec::new(),
    }
}

fn job_of(reply: &Reply) -> String {
    let answer: Value = reply.json();
    assert_eq!(reply.status, 200, "{answer}");
    answer["SnapshotJob"]["JobId"].as_str().unwrap().to_owned()
}

/// A submit that was answered 503 while the store was held ran afterwards; a retry doubled it.
#[test]
fn a_job_whose_submit_was_answered_503_never_runs() {
    let bench = Bench::new();
    let first = job_of(&bench.submit(&[]));
    assert_eq!(bench.server.wait(&first), "Success");
    let holder = Holder::start(&bench.data());
    assert_eq!(bench.submit(&[]).status, 503);
    // One who hangs up before there is an answer.
    let mut gone = TcpStream::connect(bench.server.host()).unwrap();
    let call = format!(
        "GET /?Action=SubmitSnapshotJob&Version=2017-03-21&VideoId={}&Count=1 HTTP/1.1\r\n\
         host: {}\r\n\r\n",
        bench.video,
        bench.server.host()
    );
    gone.write_all(call.as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    drop(gone);
    // A commit that the holder holds up for no longer than it waits, and one for longer.
    std::thread::sleep(Duration::from_millis(500));
    drop(holder);
    let second = job_of(&bench.submit(&[]));
    assert_eq!(bench.server.wait(&second), "Success");
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(bench.jobs(), 2, "the two that were answered 200");
    assert_eq!(rows(&bench.data(), "events"), 2);
}

#[test]
fn a_retry_with_the_same_token_is_the_same_job() {
    let mut bench = Bench::new();
    let token = ("ClientToken", "retry-1");
    let holder = Holder::start(&bench.data());
    assert_eq!(bench.submit(&[token]).status, 503);
    drop(holder);
    let job = job_of(&bench.submit(&[token]));
    assert_eq!(bench.server.wait(&job), "Success");
    for _ in 0..3 {
        assert_eq!(job_of(&bench.submit(&[token])), job);
    }
    let other = bench.submit(&[token, ("Height", "64")]);
    let (code, message) = (&other.json()["Code"], other.json()["Message"].clone());
    assert_eq!(
        (other.status, code.as_str()),
        (400, Some("InvalidParameter"))
    );
    assert!(
        message
            .as_str()
            .unwrap()
            .contains("\"ClientToken\" is not valid. It was used"),
        "{message}"
    );
    let bad = bench.submit(&[("ClientToken", "a b")]);
    assert_eq!(bad.status, 400);
    let another = job_of(&bench.submit(&[("ClientToken", "retry-2")]));
    assert_ne!(another, job);
    assert_eq!(bench.jobs(), 2);
    // Killed with the answer out, it still knows.
    bench.server.kill();
    let clip = support::numbered_clip();
    bench.server = Server::start(&setup(bench.folder.path(), &clip));
    assert_eq!(job_of(&bench.submit(&[token])), job);
    assert_eq!(bench.server.wait(&another), "Success");
    assert_eq!(bench.jobs(), 2);
}

#[test]
fn of_calls_at_once_with_one_token_there_is_one_job() {
    let bench = Bench::new();
    let token = [("ClientToken", "at-once")];
    let jobs: Vec<_> = std::thread::scope(|scope| {
        let calls = (0..8).map(|_| scope.spawn(|| job_of(&bench.submit(&token))));
        let calls: Vec<_> = calls.collect();
        calls.into_iter().map(|call| call.join().unwrap()).collect()
    });
    assert!(jobs.iter().all(|job| *job == jobs[0]), "{jobs:?}");
    assert_eq!(bench.server.wait(&jobs[0]), "Success");
    assert_eq!(bench.jobs(), 1);
    assert_eq!(rows(&bench.data(), "events"), 1);
}
