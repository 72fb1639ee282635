use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;
use support::bench::clip;
use tempfile::TempDir;

/// A file's name that would be a line of its own, with a colour.
const NAME: &str = "a\n2026-01-01T00:00:00Z ERROR forged\r\u{1b}[31m.mp4";

fn calls(url: &str, folder: &std::path::Path) {
    let http: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .into();
    let file = folder.join(NAME);
    let gone = url::Url::from_file_path(folder.join(format!("gone-{NAME}"))).unwrap();
    let there = url::Url::from_file_path(&file).unwrap();
    let entries = json!([
        {"FileURL": there.as_str(), "Title": "a\nforged title"},
        {"FileURL": gone.as_str(), "Title": "b"},
    ]);
    let call = |pairs: &[(&str, &str)]| -> Value {
        let mut all = vec![("Version", "2017-03-21"), ("Format", "JSON")];
        all.extend_from_slice(pairs);
        let mut answer = http.post(url).send_form(all).unwrap();
        answer.body_mut().read_json().unwrap()
    };
    let answer = call(&[
        ("Action", "RegisterMedia"),
        ("RegisterMetadatas", &entries.to_string()),
    ]);
    let video = answer["RegisteredMediaList"][0]["MediaId"]
        .as_str()
        .unwrap()
        .to_owned();
    for (name, value) in [
        ("VideoId", "x\nforged id"),
        ("ReferenceId", "x\r\nforged id"),
    ] {
        call(&[("Action", "GetVideoInfo"), (name, value)]);
    }
    call(&[("Action", "x\nforged action")]);
    // The file is gone when its job comes to it, and the failure names it.
    std::fs::remove_file(&file).unwrap();
    let answer = call(&[
        ("Action", "SubmitSnapshotJob"),
        ("VideoId", &video),
        ("Count", "1"),
    ]);
    let job = answer["SnapshotJob"]["JobId"].as_str().unwrap().to_owned();
    for _ in 0..600 {
        let detail = call(&[
            ("Action", "GetJobDetail"),
            ("JobId", &job),
            ("JobType", "snapshot"),
        ]);
        if detail["SnapshotJobDetail"]["Status"] == "Fail" {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("the job does not end");
}

/// All lines that a server logs in `format` while it meets such names.
fn lines(format: &str) -> Vec<String> {
    let folder = TempDir::new().unwrap();
    std::fs::copy(clip(), folder.path().join(NAME)).unwrap();
    let mut server = Command::new(env!("CARGO_BIN_EXE_vod-snapshot-under-test"))
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--auth",
            "none",
            "--missing-file-seconds",
            "0",
            "--log-format",
            format,
        ])
        .arg("--data")
        .arg(folder.path().join("data"))
        .arg("--media-root")
        .arg(folder.path())
        .env("RUST_LOG", "debug")
        .stderr(Stdio::piped())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(server.stderr.take().unwrap()).lines();
    let mut lines = Vec::new();
    let url = loop {
        let line = log.next().expect("the server did not come up").unwrap();
        // What is set up before it serves is said in plain words.
        if line.contains("listening") {
            lines.push(line.clone());
            let at = line.find("http://127.0.0.1:").unwrap();
            let end = line[at..].find(['"', ' ']).unwrap_or(line.len() - at);
            break line[at..at + end].to_owned();
        }
    };
    let reader = std::thread::spawn(move || log.map_while(Result::ok).collect::<Vec<_>>());
    calls(&url, folder.path());
    server.kill().unwrap();
    server.wait().unwrap();
    lines.extend(reader.join().unwrap());
    lines
}

/// The server logged `job_id`, and the functions on AWS `JobId`.
#[test]
fn each_line_of_a_json_log_is_one_object_with_the_names_of_the_api() {
    let lines = lines("json");
    let with_job = lines.iter().filter(|line| line.contains("\"JobId\":\""));
    assert!(with_job.count() > 0, "{lines:#?}");
    for line in lines {
        let event: Value = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line}"));
        assert!(
            event["Time"].is_string() && event["Level"].is_string(),
            "{line}"
        );
        for name in event.as_object().unwrap().keys() {
            let is_of_api = name.starts_with(char::is_uppercase) && !name.contains('_');
            assert!(is_of_api, "{name} in {line}");
        }
    }
}

#[test]
fn no_name_begins_a_line_of_a_text_log() {
    let lines = lines("text");
    for line in &lines {
        let stamped = line.len() > 20 && line.as_bytes()[4] == b'-' && line.as_bytes()[10] == b'T';
        assert!(stamped, "{line}\n{lines:#?}");
        assert!(!line.starts_with("2026-01-01T00:00:00Z"), "{line}");
        assert!(!line.contains(|c: char| c.is_control()), "{line:?}");
    }
}
