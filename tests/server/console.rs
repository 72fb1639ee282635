//! What the console does beside its page, which `browser console` opens.

use serde_json::Value;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use support::server::{PATIENCE, Server, Setup};
use support::subscriber::Subscriber;
use tempfile::TempDir;

fn server(folder: &Path, arguments: &[&str]) -> Server {
    Server::start(&Setup {
        program: PathBuf::from(env!("CARGO_BIN_EXE_vod-snapshot-under-test")),
        data: folder.join("data"),
        media_root: support::numbered_clip().parent().unwrap().to_owned(),
        arguments: arguments.iter().map(ToString::to_string).collect(),
    })
}

/// A request as it stands; its status and its whole answer.
fn exchange(server: &Server, head: &str, body: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(server.host()).unwrap();
    let host = server.host();
    let head = format!("{head}\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    // A server that refuses reads no further.
    let _ = stream.write_all(body);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|text| text.parse().ok());
    (status.unwrap_or_else(|| panic!("{answer}")), answer)
}

fn upload_head(bytes: usize) -> String {
    format!(
        "POST /console/upload?name=a.mp4 HTTP/1.1\r\nContent-Type: application/octet-stream\r\n\
         Content-Length: {bytes}"
    )
}

/// How many files lie in each of these folders of the data folder.
fn counts(folder: &Path) -> [usize; 2] {
    let count = |name| {
        fs::read_dir(folder.join("data").join(name))
            .unwrap()
            .count()
    };
    ["uploads", "tmp"].map(count)
}

fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_browser_gets_the_page_and_a_program_its_answer() {
    let folder = TempDir::new().unwrap();
    let server = server(folder.path(), &[]);
    let browser = "GET / HTTP/1.1\r\nAccept: text/html,application/xhtml+xml,*/*;q=0.8";
    let (status, page) = exchange(&server, browser, b"");
    assert_eq!(status, 200);
    assert!(
        page.contains("content-type: text/html") && page.contains("/console/main.js"),
        "{page}"
    );
    for rule in [
        "default-src 'none'",
        "script-src 'self'",
        "frame-ancestors 'none'",
    ] {
        assert!(page.contains(rule), "{page}");
    }
    assert!(!page.contains("unsafe-inline"), "{page}");
    for accept in ["", "\r\nAccept: */*", "\r\nAccept: application/json"] {
        let (status, answer) = exchange(&server, &format!("GET / HTTP/1.1{accept}"), b"");
        assert!(
            status == 400 && answer.contains("MissingVersion"),
            "{answer}"
        );
    }
}

#[test]
fn an_upload_that_is_too_large_or_breaks_off_leaves_nothing() {
    let folder = TempDir::new().unwrap();
    let server = server(
        folder.path(),
        &["--upload-max-mb", "1", "--upload-quota-mb", "1"],
    );
    let large = vec![7; 2 << 20];
    let (status, answer) = exchange(&server, &upload_head(large.len()), &large);
    assert!(
        status == 413 && answer.contains("LimitExceeded.UploadBytes"),
        "{answer}"
    );
    // Nobody says how long it will be.
    let head = "POST /console/upload?name=a.mp4 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\
                Content-Type: application/octet-stream";
    let mut chunked = format!("{:x}\r\n", large.len()).into_bytes();
    chunked.extend_from_slice(&large);
    chunked.extend_from_slice(b"\r\n0\r\n\r\n");
    let (status, answer) = exchange(&server, head, &chunked);
    assert!(
        status == 413 && answer.contains("LimitExceeded.UploadBytes"),
        "{answer}"
    );
    assert_eq!(exchange(&server, &upload_head(0), b"").0, 400);
    // One that ends in the middle.
    let mut stream = TcpStream::connect(server.host()).unwrap();
    let head = format!(
        "{}\r\nHost: {}\r\n\r\n",
        upload_head(100_000),
        server.host()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(&large[..50_000]).unwrap();
    eventually("it does not begin", || counts(folder.path()) == [0, 1]);
    drop(stream);
    eventually("a part is left", || counts(folder.path()) == [0, 0]);
    assert_eq!(server.ok("GetVideoList", &[])["Total"], 0);

    let clip = fs::read(support::numbered_clip()).unwrap();
    let half = vec![7; 700 << 10];
    assert!(clip.len() < 1 << 20);
    assert_eq!(exchange(&server, &upload_head(half.len()), &half).0, 200);
    let (status, answer) = exchange(&server, &upload_head(half.len()), &half);
    assert!(
        status == 507 && answer.contains("LimitExceeded.UploadQuota"),
        "{answer}"
    );
    assert_eq!(counts(folder.path()), [1, 0]);
    assert_eq!(server.ok("GetVideoList", &[])["Total"], 1);
}

#[test]
fn an_upload_of_a_form_or_of_a_page_of_another_site_is_refused() {
    let folder = TempDir::new().unwrap();
    let server = server(folder.path(), &[]);
    let form = "POST /console/upload?name=a.mp4 HTTP/1.1\r\nContent-Length: 3\r\n\
                Content-Type: multipart/form-data; boundary=x";
    assert_eq!(exchange(&server, form, b"abc").0, 415);
    for page in [
        "Origin: https://other.example",
        "Sec-Fetch-Site: cross-site",
        "Origin: null",
    ] {
        for head in [
            &upload_head(3),
            form,
            "GET /console/jobs HTTP/1.1",
            "GET /console/live HTTP/1.1",
        ] {
            let (status, answer) = exchange(&server, &format!("{head}\r\n{page}"), b"abc");
            assert_eq!(status, 403, "{page}: {answer}");
            assert!(
                !answer.to_lowercase().contains("access-control-allow"),
                "{answer}"
            );
        }
    }
    assert_eq!(counts(folder.path()), [0, 0]);
}

#[test]
fn without_a_session_a_signed_server_tells_nothing() {
    let folder = TempDir::new().unwrap();
    let keys = folder.path().join("keys.json");
    fs::write(&keys, r#"{"key": "secret-of-the-test"}"#).unwrap();
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(&keys, private).unwrap();
    let server = server(folder.path(), &["--keys", keys.to_str().unwrap()]);
    let url = &server.url;
    assert_eq!(
        server.get(&format!("{url}/console/state")).json()["NeedsKey"],
        true
    );
    for path in ["jobs", "job?id=1", "events", "live"] {
        let reply = server.get(&format!("{url}/console/{path}"));
        assert_eq!(reply.status, 403, "{path}");
    }
    let token = "\r\nAuthorization: Bearer 00000000000000000000000000000000";
    for head in [
        upload_head(3),
        "POST /console/retry?id=1 HTTP/1.1\r\nContent-Length: 0".to_owned(),
    ] {
        assert_eq!(exchange(&server, &format!("{head}{token}"), b"abc").0, 403);
    }
    // What is signed for a call opens nothing.
    let secret = contract::signature::Secret::new("secret-of-the-test");
    let now_ms = std::time::SystemTime::UNIX_EPOCH
        .elapsed()
        .unwrap()
        .as_millis();
    let now_ms = i64::try_from(now_ms).unwrap();
    let signer = contract::signature::client::Signer::now("key", &secret, now_ms);
    let path = "/console/session";
    let call = signer
        .v3_at(server.host(), path, "GetVideoList", &[])
        .unwrap();
    let headers: serde_json::Map<String, Value> = call
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), value.clone().into()))
        .collect();
    let body = Value::Object(headers).to_string();
    let head = format!("POST {path} HTTP/1.1\r\nContent-Length: {}", body.len());
    let (status, answer) = exchange(&server, &head, body.as_bytes());
    assert!(
        status == 400 && answer.contains("IncompleteSignature"),
        "{answer}"
    );
    assert_eq!(counts(folder.path()), [0, 0]);
}

#[test]
fn an_event_that_nobody_took_is_sent_again_on_demand() {
    let folder = TempDir::new().unwrap();
    let subscriber = Subscriber::start(&[500]);
    let server = server(folder.path(), &["--notify", &subscriber.url]);
    let video = server.register(&support::numbered_clip());
    let job = server.submit(&video, &[("Count", "1"), ("Width", "64")]);
    assert_eq!(server.wait(&job), "Success");
    let first = subscriber.next();
    let events = || server.get(&format!("{}/console/events", server.url)).json();
    let delivery = || events()["Events"][0]["Deliveries"][0].clone();
    eventually("the refusal is not told", || {
        delivery()["FailedAttempts"] == 1
    });
    let id = delivery()["Id"].as_i64().unwrap();
    let retry = format!("POST /console/retry?id={id} HTTP/1.1\r\nContent-Length: 0");
    assert_eq!(exchange(&server, &retry, b"").0, 200);
    assert_eq!(subscriber.next().body, first.body);
    eventually("the delivery is not told", || {
        delivery()["IsDelivered"] == true
    });
    assert_eq!(exchange(&server, &retry, b"").0, 404, "it was delivered");
    let jobs = server.get(&format!("{}/console/jobs", server.url)).json();
    assert_eq!(jobs["Jobs"][0]["Id"], job.as_str());
    assert_eq!(jobs["Jobs"][0]["VideoTitle"], "a test");
}

/// The stream is read as a browser reads it.
#[test]
fn a_page_that_is_open_hears_of_a_job_as_it_goes_on() {
    let folder = TempDir::new().unwrap();
    let server = server(folder.path(), &[]);
    let mut stream = TcpStream::connect(server.host()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let head = format!(
        "GET /console/live HTTP/1.1\r\nHost: {}\r\n\r\n",
        server.host()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let video = server.register(&support::numbered_clip());
    let job = server.submit(&video, &[("Count", "2"), ("Width", "64")]);
    let mut heard = String::new();
    let mut piece = [0; 4096];
    while !(heard.contains(&job)
        && heard.contains("\"Status\":\"Success\"")
        && heard.contains("event: events"))
    {
        let count = stream.read(&mut piece).unwrap();
        assert!(count > 0, "{heard}");
        heard.push_str(&String::from_utf8_lossy(&piece[..count]));
    }
    assert!(heard.contains("content-type: text/event-stream"), "{heard}");
}

/// A server that was killed after a file had its name, and before there was its video. It may be all
/// that is left where a backup of the database was put back.
#[test]
fn an_uploaded_file_that_no_video_names_is_told_of_and_kept() {
    let folder = TempDir::new().unwrap();
    let mut first = server(folder.path(), &[]);
    let clip = fs::read(support::numbered_clip()).unwrap();
    assert_eq!(exchange(&first, &upload_head(clip.len()), &clip).0, 200);
    first.kill();
    let abandoned = folder
        .path()
        .join(format!("data/uploads/{}.mp4", "0".repeat(32)));
    fs::write(&abandoned, b"abandoned").unwrap();
    let second = server(folder.path(), &[]);
    let told = second.log_lines("no video names this uploaded file");
    assert!(
        told.len() == 1 && told[0].contains(&"0".repeat(32)),
        "{told:?}"
    );
    assert!(abandoned.is_file());
    let list = second.ok("GetVideoList", &[]);
    let video = list["VideoList"]["Video"][0]["VideoId"].as_str().unwrap();
    let job = second.submit(video, &[("Count", "1"), ("Width", "64")]);
    assert_eq!(second.wait(&job), "Success");
}
