//! One call over a socket, its answer as it came.

use std::io::{Read, Write};
use std::net::TcpStream;
use support::server::{PATIENCE, Server};

/// An answer, unread by any library.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) status: u16,
    /// Names in lower case, each with its value.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Raw {
    /// The value of a header that may come once.
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut found = self.headers.iter().filter(|(known, _)| known == name);
        let value = found.next().map_or("", |(_, value)| value.as_str());
        assert!(found.next().is_none(), "{name} came twice: {self:?}");
        value
    }
}

/// Parameters in the form body.
pub(crate) fn post(server: &Server, parameters: &[(&str, &str)]) -> Raw {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(parameters);
    let body = form.finish();
    let head = format!(
        "POST / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        server.host(),
        body.len()
    );
    exchange(server, &[head.as_bytes(), body.as_bytes()])
}

/// `target` as it stands in the first line.
pub(crate) fn get(server: &Server, target: &str) -> Raw {
    let head = format!(
        "GET {target} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        server.host()
    );
    exchange(server, &[head.as_bytes()])
}

fn exchange(server: &Server, parts: &[&[u8]]) -> Raw {
    let mut socket = TcpStream::connect(server.host()).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    for part in parts {
        // A server may answer, and close, before all is sent.
        if socket.write_all(part).is_err() {
            break;
        }
    }
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer);
    parsed(&answer)
}

fn parsed(answer: &[u8]) -> Raw {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no head: {}", String::from_utf8_lossy(answer)));
    let head = std::str::from_utf8(&answer[..end]).unwrap();
    let mut lines = head.split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let headers = lines.map(|line| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.to_ascii_lowercase(), value.to_owned())
    });
    Raw {
        status: status.parse().unwrap(),
        headers: headers.collect(),
        body: answer[end + 4..].to_vec(),
    }
}
