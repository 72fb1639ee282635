use crate::watched::program;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use support::server::{Server, Setup};
use tempfile::TempDir;

/// Serves the test clip by ranges; how many bytes of it went out.
struct FileServer {
    address: SocketAddr,
    sent: Arc<AtomicU64>,
}

impl FileServer {
    fn start(bytes: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let sent = Arc::<AtomicU64>::default();
        let (bytes, counted) = (Arc::new(bytes), Arc::clone(&sent));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (bytes, counted) = (Arc::clone(&bytes), Arc::clone(&counted));
                std::thread::spawn(move || {
                    let mut head = String::new();
                    let mut lines = BufReader::new(&stream);
                    while lines.read_line(&mut head).is_ok_and(|read| read > 2) {}
                    let head = head.to_ascii_lowercase();
                    let range = head.split("range: bytes=").nth(1);
                    let Some((first, last)) =
                        range.and_then(|range| range.split_whitespace().next()?.split_once('-'))
                    else {
                        return;
                    };
                    let first: usize = first.parse().unwrap();
                    let last = last.parse::<usize>().unwrap().min(bytes.len() - 1);
                    let part = &bytes[first..=last];
                    counted.fetch_add(part.len() as u64, Ordering::Relaxed);
                    let head = format!(
                        "HTTP/1.1 206 Partial Content\r\nContent-Length: {}\r\nETag: \"1\"\r\n\
                         Content-Range: bytes {first}-{last}/{}\r\nConnection: close\r\n\r\n",
                        part.len(),
                        bytes.len()
                    );
                    let _ = (&stream).write_all(head.as_bytes());
                    let _ = (&stream).write_all(part);
                });
            }
        });
        Self { address, sent }
    }

    fn url(&self) -> String {
        format!("http://{}/clip.mp4?sig=SECRET", self.address)
    }
}

fn server(data: &TempDir, arguments: &[&str]) -> Server {
    Server::start(&Setup {
        program: PathBuf::from(program()),
        data: data.path().join("data"),
        media_root: support::bench::clip().parent().unwrap().to_owned(),
        arguments: arguments.iter().map(|&text| text.to_owned()).collect(),
    })
}

fn register(server: &Server, url: &str) -> serde_json::Value {
    let metadata = serde_json::json!([{ "FileURL": url, "Title": "remote" }]);
    server.ok(
        "RegisterMedia",
        &[("RegisterMetadatas", &metadata.to_string())],
    )
}

#[test]
fn a_video_of_a_named_host_is_read_by_ranges_and_gives_the_same_pictures() {
    let bytes = std::fs::read(support::bench::clip()).unwrap();
    let length = bytes.len() as u64;
    let files = FileServer::start(bytes);
    let data = TempDir::new().unwrap();
    let server = server(&data, &["--source-allow", &files.address.to_string()]);
    let answer = register(&server, &files.url());
    let remote = answer["RegisteredMediaList"][0]["MediaId"]
        .as_str()
        .unwrap();
    let local = server.register(support::bench::clip());
    let pictures = [remote, &local].map(|video| {
        let job = server.submit(video, &[("Count", "3"), ("Interval", "0")]);
        assert_eq!(server.wait(&job), "Success");
        let keys = server.manifest(video, &job).pictures;
        let keys = keys.into_iter().filter_map(|picture| picture.key);
        keys.map(|key| server.get(&format!("{}/{key}", server.url)).bytes)
            .collect::<Vec<_>>()
    });
    assert_eq!(pictures[0].len(), 3);
    assert!(pictures[0] == pictures[1], "the same to the byte");
    assert!(files.sent.load(Ordering::Relaxed) < 6 * length);
    assert!(server.log_lines("SECRET").is_empty());
}

#[test]
fn a_host_that_was_not_named_is_not_called() {
    let files = FileServer::start(std::fs::read(support::bench::clip()).unwrap());
    for arguments in [&[][..], &["--source-allow", "example.com"]] {
        let data = TempDir::new().unwrap();
        let server = server(&data, arguments);
        let answer = register(&server, &files.url());
        assert_eq!(answer["FailedFileURLs"][0], files.url());
    }
    assert_eq!(files.sent.load(Ordering::Relaxed), 0);
}
