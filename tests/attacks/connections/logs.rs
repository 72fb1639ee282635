//! What a log tells of the URLs that let callers in.

use std::net::TcpListener;
use std::process::Command;
use std::time::{Duration, Instant};

#[test]
fn a_receiver_s_user_password_and_token_are_in_no_line() {
    let refusing = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let url = format!("http://SECRET:SECRET@{refusing}/SECRET?token=SECRET#SECRET");
    let bench = super::bench(&["--notify", &url]);
    let server = &bench.server;
    let video = server.register(support::bench::clip());
    let job = server.submit(&video, &[("Count", "1"), ("Width", "64")]);
    assert_eq!(server.wait(&job), "Success");
    let begun = Instant::now();
    while server.log_lines(&job).is_empty() || server.log_lines(&refusing.to_string()).is_empty() {
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "no delivery was tried"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(server.log_lines("SECRET"), [""; 0]);
    assert_eq!(server.log_lines("RET@"), [""; 0]);
}

#[test]
fn a_url_that_is_refused_at_the_start_is_not_told_with_its_secrets() {
    for (option, url) in [
        ("--notify", "http://SECRET:SEC RET@host/SECRET"),
        ("--notify", "SECRET:SECRET@host"),
        ("--public-url", "http://SECRET:SECRET@host/"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_vod-snapshot-under-test"));
        command.args(["serve", "--auth", "none", "--listen", "127.0.0.1:0"]);
        command.args([option, url]).current_dir(folder.path());
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(option) && !said.contains("RET"), "{said}");
    }
}
