//! More connections than there are descriptors.

use super::{ask, connect};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::process::Command;
use std::time::{Duration, Instant};
use support::server::{Server, Setup};
use tempfile::TempDir;

/// Our own end of the connections takes descriptors as well.
pub(super) fn raise_our_limit() {
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    setrlimit(Resource::RLIMIT_NOFILE, most.min(8192), most).unwrap();
}

/// A server with so many descriptors, 1,100 clients that connect and say nothing, and jobs.
fn jobs_run_beside_silent_clients(descriptors: u32) {
    raise_our_limit();
    let folder = TempDir::new().unwrap();
    let program = folder.path().join("limited");
    let script = format!(
        "#!/bin/sh\nulimit -n {descriptors}\nexec {} \"$@\"\n",
        env!("CARGO_BIN_EXE_vod-snapshot-under-test")
    );
    // Not by this process: while one of its children has the file open to write, nobody can run it.
    let write = "printf %s \"$1\" > \"$0\" && chmod 700 \"$0\"";
    let mut shell = Command::new("sh");
    let written = shell.args(["-c", write]).arg(&program).arg(script).status();
    assert!(written.unwrap().success());
    let server = Server::start(&Setup {
        program,
        data: folder.path().join("data"),
        media_root: support::bench::clip().parent().unwrap().to_owned(),
        arguments: Vec::new(),
    });
    let video = server.register(support::bench::clip());
    let submit = |_| server.submit(&video, &[("Count", "3"), ("Width", "64")]);
    let mut jobs: Vec<_> = (0..3).map(submit).collect();
    let silent: Vec<_> = (0..1100).map(|_| connect(server.host())).collect();
    // A client that has no connection yet.
    let begun = Instant::now();
    let host = format!("Host: {}", server.host());
    let raw = ask(server.host(), "GET /openapi.json", &[&host]);
    assert_eq!(raw.status, 200);
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
    jobs.extend((0..3).map(submit));
    for job in &jobs {
        assert_eq!(server.wait(job), "Success");
    }
    assert_eq!(server.log_lines("no connection could be accepted"), [""; 0]);
    drop(silent);
}

#[test]
fn sixty_four_descriptors_are_enough_for_jobs_beside_silent_clients() {
    jobs_run_beside_silent_clients(64);
}

#[test]
fn a_thousand_descriptors_are_enough_for_jobs_beside_silent_clients() {
    jobs_run_beside_silent_clients(1024);
}
