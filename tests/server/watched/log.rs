use crate::watched::{bench, program};
use serde_json::Value;
use std::process::{Command, Stdio};
use support::server::Server;
use tempfile::TempDir;

fn answered(server: &Server) -> Vec<Value> {
    let lines = server.log_lines("\"answered\"");
    lines
        .iter()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn each_call_is_one_line_with_who_called_what_and_how_it_ended() {
    let bench = bench(&[]);
    let server = &bench.server;
    let id = "0".repeat(32);
    let refused = server.call(
        "GetVideoInfo",
        &[("VideoId", &id), ("AccessKeyId", "who\nforged")],
    );
    let unknown = server.call("Nothing", &[]);
    let listed = server.call("GetVideoList", &[]);
    let replies = [refused, unknown, listed];
    std::thread::sleep(std::time::Duration::from_millis(200));
    let lines = answered(server);
    assert_eq!(lines.len(), 3, "{lines:?}");
    for ((line, reply), (action, code)) in lines.iter().zip(&replies).zip([
        ("GetVideoInfo", Some("InvalidVideo.NotFound")),
        ("Nothing", Some("InvalidAction.NotFound")),
        ("GetVideoList", None),
    ]) {
        assert_eq!(line["Action"], action);
        assert_eq!(line["Client"], "127.0.0.1");
        assert_eq!(line["Status"], reply.status);
        assert_eq!(line["Code"].as_str(), code);
        assert!(line["Ms"].is_u64(), "{line}");
        assert_eq!(line["RequestId"], reply.json()["RequestId"]);
    }
    assert_eq!(lines[0]["AccessKeyId"], "who\nforged");
    assert!(server.log_lines("\"refused\"").is_empty());
}

#[test]
fn a_start_that_fails_is_json_where_the_log_is() {
    let folder = TempDir::new().unwrap();
    let cases: [(&[&str], i32); 6] = [
        (&["--auth", "none", "--listen", "0.0.0.0:0"], 1),
        (&["--auth", "none", "--listen", "no.such.host.invalid:0"], 1),
        (&["--auth", "none", "--ffmpeg", "/nowhere"], 1),
        (&["--auth", "none", "--media-root", "/nowhere"], 1),
        (&["--auth", "none", "--notify", "not a URL"], 2),
        (&["--auth", "none", "--public-url", "ftp://h"], 2),
    ];
    for (arguments, status) in cases {
        let said = Command::new(program())
            .args(["serve", "--log-format", "json", "--data"])
            .arg(folder.path().join("data"))
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!(said.status.code(), Some(status), "{arguments:?}");
        let text = String::from_utf8(said.stderr).unwrap();
        let lines: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {text}")))
            .collect();
        assert_eq!(lines.last().unwrap()["Level"], "ERROR", "{arguments:?}");
    }
}

#[test]
fn a_server_without_media_roots_says_that_nothing_can_be_registered() {
    let folder = TempDir::new().unwrap();
    let said = in_a_terminal(folder.path(), "");
    assert!(said.contains("no file can be registered"), "{said}");
}

/// What it writes to a terminal until it listens.
fn in_a_terminal(folder: &std::path::Path, arguments: &str) -> String {
    let data = folder.join("data");
    let command = format!(
        "timeout -s TERM 4 {} serve --auth none --listen localhost:0 --data {} {arguments}",
        program(),
        data.display()
    );
    let said = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    String::from_utf8_lossy(&said.stdout).into_owned()
}

#[test]
fn a_person_at_a_terminal_is_told_where_everything_is_in_text() {
    let folder = TempDir::new().unwrap();
    let roots = folder.path().join("videos");
    std::fs::create_dir(&roots).unwrap();
    let said = in_a_terminal(folder.path(), &format!("--media-root {}", roots.display()));
    for part in [
        "http://127.0.0.1:",
        "/openapi.json",
        "/metrics",
        roots.to_str().unwrap(),
        folder.path().join("data").to_str().unwrap(),
        "ffmpeg",
        "Confinement",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("{\""), "{said}");
}
