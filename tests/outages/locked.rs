use crate::{refusal, server, wait_for_log};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// Another process that holds the database until this is dropped.
struct Holder(Child);

impl Holder {
    fn start(data: &Path) -> Self {
        let script = "import sqlite3, sys\n\
            c = sqlite3.connect(sys.argv[1], isolation_level=None)\n\
            c.execute('BEGIN EXCLUSIVE')\n\
            print('held', flush=True)\n\
            sys.stdin.readline()\n";
        let mut child = Command::new("python3")
            .args(["-c", script])
            .arg(data.join("vod-snapshot.db"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let said = child.stdout.as_mut().unwrap();
        BufReader::new(said).read_line(&mut line).unwrap();
        assert_eq!(line, "held\n");
        Self(child)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.0.stdin.take().unwrap().write_all(b"\n");
        let _ = self.0.wait();
    }
}

#[test]
fn a_database_that_somebody_holds_is_waited_for() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let server = server(&data, &["--workers", "1"]);
    let video = server.register(&support::numbered_clip());
    let parameters = [
        ("VideoId", &*video),
        ("Count", "2"),
        ("Interval", "0"),
        ("Width", "160"),
    ];
    let before = server.submit(&video, &parameters[1..]);
    let holder = Holder::start(&data);
    let refused = server.call("SubmitSnapshotJob", &parameters);
    assert_eq!(refused.status, 503);
    assert_eq!(refused.json()["Code"], "ServiceUnAvailable");
    wait_for_log(&server, "database is locked");
    // Whoever only asks gets an answer.
    let _ = server.status(&before);
    drop(holder);
    let after = server.submit(&video, &parameters[1..]);
    for job in [&before, &after] {
        assert_eq!(server.wait(job), "Success");
        assert_eq!(server.manifest(&video, job).pictures.len(), 2);
    }
    let jobs = server.ok(
        "ListJobInfo",
        &[("MediaId", &video), ("JobType", "snapshot")],
    );
    assert!(!jobs.to_string().contains("Processing"), "{jobs}");
}

#[test]
fn a_database_that_somebody_holds_is_told_at_the_start() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    drop(server(&data, &[]));
    let holder = Holder::start(&data);
    let said = refusal(&data, &[]);
    assert!(
        said.contains("vod-snapshot.db: database is locked"),
        "{said}"
    );
    drop(holder);
    drop(server(&data, &[]));
}
