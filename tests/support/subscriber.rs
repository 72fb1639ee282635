//! A subscriber of events: a small HTTP server that keeps what it is sent.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::time::Duration;

/// One POST as it arrived.
#[derive(Debug, Clone)]
pub struct Post {
    /// Lower-case names.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Vec<u8>,
    /// The status it was answered with.
    pub answered: u16,
}

impl Post {
    /// A header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_str())
    }

    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// Listens on a free loopback port.
#[derive(Debug)]
pub struct Subscriber {
    /// Where to send events.
    pub url: String,
    posts: mpsc::Receiver<Post>,
}

impl Subscriber {
    /// Answers each POST with the next of `statuses`, then 200 for ever.
    #[must_use]
    pub fn start(statuses: &[u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/events", listener.local_addr().unwrap());
        let (sender, posts) = mpsc::channel();
        let statuses = statuses.to_vec();
        let mut statuses = statuses.into_iter();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let status = statuses.next().unwrap_or(200);
                if let Some(post) = serve(stream, status) {
                    let _ = sender.send(post);
                }
            }
        });
        Self { url, posts }
    }

    /// The next POST.
    #[must_use]
    pub fn next(&self) -> Post {
        self.posts
            .recv_timeout(super::server::PATIENCE)
            .expect("no event came")
    }

    /// A POST that has come and was not looked at yet.
    #[must_use]
    pub fn try_next(&self) -> Option<Post> {
        self.posts.try_recv().ok()
    }

    /// Whether nothing comes for a while.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.posts.recv_timeout(Duration::from_secs(2)).is_err()
    }
}

fn serve(mut stream: TcpStream, status: u16) -> Option<Post> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")?
        .1
        .parse()
        .ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    write!(
        stream,
        "HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
    .ok()?;
    Some(Post {
        headers,
        body,
        answered: status,
    })
}
