//! Clients against a server whose deadlines are as short as a test needs.

use super::{connect, noise, parsed, placed};
use artifacts::Quality;
use local::{
    ConnectionDeadlines, ConnectionLimits, LocalServer, MinimumRate, RetentionPolicy,
    ServerOptions, TlsFiles, UploadOptions,
};
use service::api::Auth;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const SECOND: Duration = Duration::from_secs(1);

const SHORT: ConnectionDeadlines = ConnectionDeadlines {
    idle: SECOND,
    head: SECOND,
    body: MinimumRate::new(SECOND, 10_000),
    answer: MinimumRate::new(SECOND, 100_000),
};

pub(super) struct Running {
    runtime: tokio::runtime::Runtime,
    server: Option<LocalServer>,
    pub(super) host: String,
    data: TempDir,
}

fn running() -> Running {
    running_with(None, None)
}

pub(super) fn running_with(tls: Option<TlsFiles>, max_connections: Option<usize>) -> Running {
    running_within(tls, max_connections, SHORT)
}

/// A server that closes no connection that is merely idle.
pub(super) fn running_idly(tls: Option<TlsFiles>) -> Running {
    let idle = Duration::from_secs(60);
    running_within(tls, None, ConnectionDeadlines { idle, ..SHORT })
}

fn running_within(
    tls: Option<TlsFiles>,
    max_connections: Option<usize>,
    deadlines: ConnectionDeadlines,
) -> Running {
    let data = TempDir::new().unwrap();
    let options = ServerOptions {
        tls,
        metrics_listen: None,
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        auth: Auth::None,
        max_qps: 0,
        data: data.path().to_owned(),
        workers: 1,
        part_work: Duration::ZERO,
        public_url: None,
        pictures: service::picture_access::PictureAccess::Public,
        picture_keys: Vec::new(),
        media_roots: vec![support::bench::clip().parent().unwrap().to_owned()],
        source_allow: Vec::new(),
        subscribers: Vec::new(),
        allowed_hosts: Vec::new(),
        connections: ConnectionLimits {
            relaxed: deadlines,
            pressed: deadlines,
            max_connections,
            ..ConnectionLimits::default()
        },
        callback_allow: Vec::new(),
        uploads: UploadOptions::default(),
        covers: false,
        templates: Vec::new(),
        max_snapshots: 1000,
        quality: Quality::default(),
        limits: plan::Limits::default(),
        missing_file: Duration::from_secs(300),
        retention: RetentionPolicy::default(),
        ffmpeg: support::clips::ffmpegs().remove(0),
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(LocalServer::start(options)).unwrap();
    Running {
        host: server.address().to_string(),
        server: Some(server),
        runtime,
        data,
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            self.runtime.block_on(server.stop());
        }
    }
}

/// How long until the server ends the connection, to which `dribble` is sent again and again.
pub(super) fn ended_after(mut socket: TcpStream, dribble: &[u8]) -> Duration {
    let begun = Instant::now();
    let pause = Duration::from_millis(50);
    socket.set_read_timeout(Some(pause)).unwrap();
    let mut answer = [0; 4096];
    while begun.elapsed() < Duration::from_secs(20) {
        let written = dribble.is_empty() || socket.write_all(dribble).is_ok();
        match socket.read(&mut answer) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock && written => {}
            Err(_) => break,
        }
    }
    begun.elapsed()
}

#[test]
fn silent_and_dribbling_clients_end_within_the_deadlines_while_jobs_go_on() {
    let running = running();
    let host = &running.host;
    let call = |parameters: &str| {
        let target = format!("GET /?Version=2017-03-21&{parameters}");
        let raw = super::ask(host, &target, &[&format!("Host: {host}")]);
        assert_eq!(raw.status, 200, "{}", raw.text());
        serde_json::from_slice::<serde_json::Value>(&raw.body).unwrap()
    };
    let body = format!("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9000\r\n\r\n");
    let posted = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
    std::thread::scope(|scope| {
        let mut clients = Vec::new();
        let mut start = |first: &str, dribble: &'static [u8]| {
            let mut socket = connect(host);
            socket.write_all(first.as_bytes()).unwrap();
            clients.push(scope.spawn(move || ended_after(socket, dribble)));
        };
        for _ in 0..100 {
            start("", b"");
            start("GET / HT", b"");
            start("GET / HTTP/1.1\r\n", b"x: y\r\n");
            start(&body, b"a");
        }
        // What kept the connection is idle afterwards.
        start(&posted, b"");
        let file = url::Url::from_file_path(support::bench::clip()).unwrap();
        let media = serde_json::json!([{"FileURL": file.as_str(), "Title": "t"}]).to_string();
        let media: String = url::form_urlencoded::byte_serialize(media.as_bytes()).collect();
        let answer = call(&format!("Action=RegisterMedia&RegisterMetadatas={media}"));
        let video = answer["RegisteredMediaList"][0]["MediaId"]
            .as_str()
            .unwrap();
        let submit = format!("Action=SubmitSnapshotJob&VideoId={video}&Count=2");
        let answer = call(&submit);
        let job = answer["SnapshotJob"]["JobId"].as_str().unwrap();
        let detail = format!("Action=GetJobDetail&JobId={job}&JobType=snapshot");
        let begun = Instant::now();
        while call(&detail)["SnapshotJobDetail"]["Status"] != "Success" {
            assert!(begun.elapsed() < super::PATIENCE);
            std::thread::sleep(Duration::from_millis(100));
        }
        for client in clients {
            let took = client.join().unwrap();
            assert!(took < Duration::from_secs(5), "{took:?}");
        }
    });
}

#[test]
fn a_client_that_does_not_take_its_answer_is_cut_and_one_at_its_pace_is_not() {
    let running = running();
    let sheet = noise(8 << 20);
    let path = placed(running.data.path(), &running.host, &sheet);
    let get = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", running.host);
    let begun = Instant::now();
    let ask = || {
        let mut socket = connect(&running.host);
        socket.write_all(get.as_bytes()).unwrap();
        socket
    };
    let (mut silent, mut steady) = (ask(), ask());
    let (mut received, mut piece) = (Vec::new(), vec![0; 64 * 1024]);
    // 640 kB a second: more than is asked, for longer than the grace.
    while begun.elapsed() < SECOND * 3 {
        let read = steady.read(&mut piece).unwrap();
        received.extend_from_slice(&piece[..read]);
        std::thread::sleep(Duration::from_millis(100));
    }
    while received.len() < sheet.len() {
        let read = steady.read(&mut piece).unwrap();
        assert_ne!(read, 0, "cut after {} bytes", received.len());
        received.extend_from_slice(&piece[..read]);
    }
    assert!(parsed(&received).body == sheet[..parsed(&received).body.len()]);
    let mut taken = Vec::new();
    let _ = silent.read_to_end(&mut taken);
    assert!(taken.len() < sheet.len(), "all of it was sent");
    assert!(begun.elapsed() < Duration::from_secs(15));
}
