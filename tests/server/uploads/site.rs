//! A web site of this machine that answers as it is told.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

type Answer = dyn Fn(&str, &mut TcpStream) -> std::io::Result<()> + Send + Sync;

pub(super) struct Site {
    port: u16,
}

impl Site {
    /// Answers each call by what `answer` writes for its path.
    pub(super) fn start(
        answer: impl Fn(&str, &mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let answer: Arc<Answer> = Arc::new(answer);
        std::thread::spawn(move || {
            for mut connection in listener.incoming().map_while(Result::ok) {
                let answer = answer.clone();
                std::thread::spawn(move || {
                    let mut request = [0; 8192];
                    let count = connection.read(&mut request).unwrap_or_default();
                    let text = String::from_utf8_lossy(&request[..count]).into_owned();
                    let path = text.split(' ').nth(1).unwrap_or_default();
                    let _ = answer(path, &mut connection);
                });
            }
        });
        Self { port }
    }

    pub(super) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.host())
    }
}

/// The start of an answer, and its headers.
pub(super) fn head(status: &str, headers: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\nconnection: close\r\n{headers}\r\n").into_bytes()
}

pub(super) fn file(into: &mut TcpStream, bytes: &[u8]) -> std::io::Result<()> {
    into.write_all(&head(
        "200 OK",
        &format!("content-length: {}\r\n", bytes.len()),
    ))?;
    into.write_all(bytes)
}

pub(super) fn redirect(into: &mut TcpStream, location: &str) -> std::io::Result<()> {
    let headers = format!("location: {location}\r\ncontent-length: 0\r\n");
    into.write_all(&head("302 Found", &headers))
}
