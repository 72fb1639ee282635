//! The API at a host of its own, as clients know it: the emulator knows it by path alone. Nothing
//! else of a call is changed, since its host is signed.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};

/// Answers on a free port what `endpoint` answers below `path`; `host:port`.
pub(crate) fn open(endpoint: &str, path: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let endpoint = endpoint.strip_prefix("http://").unwrap().to_owned();
    let path = path.to_owned();
    std::thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            let (endpoint, path) = (endpoint.clone(), path.clone());
            std::thread::spawn(move || pass(client, &endpoint, &path));
        }
    });
    host
}

/// One call for each connection.
fn pass(mut client: TcpStream, endpoint: &str, path: &str) -> Option<()> {
    let mut server = TcpStream::connect(endpoint).ok()?;
    let (head, rest) = head(&mut client)?;
    let (method, target) = head.split_once(' ')?;
    let (first, headers) = target.split_once("\r\n")?;
    let kept = headers.split("\r\n").filter(|line| {
        let name = line.split(':').next().unwrap_or_default();
        !name.eq_ignore_ascii_case("connection")
    });
    let headers = kept.collect::<Vec<_>>().join("\r\n");
    let sent = format!("{method} {path}{first}\r\nConnection: close\r\n{headers}");
    server.write_all(sent.as_bytes()).ok()?;
    server.write_all(&rest).ok()?;
    let (mut from_client, mut to_server) = (client.try_clone().ok()?, server.try_clone().ok()?);
    std::thread::spawn(move || std::io::copy(&mut from_client, &mut to_server));
    std::io::copy(&mut server, &mut client).ok()?;
    client.shutdown(Shutdown::Both).ok()
}

/// Up to the empty line, and what was read beyond it.
fn head(client: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut read = Vec::new();
    let mut part = [0; 4096];
    loop {
        if let Some(end) = read.windows(4).position(|four| four == b"\r\n\r\n") {
            let rest = read.split_off(end + 4);
            return Some((String::from_utf8(read).ok()?, rest));
        }
        match client.read(&mut part).ok()? {
            0 => return None,
            count => read.extend_from_slice(&part[..count]),
        }
    }
}
