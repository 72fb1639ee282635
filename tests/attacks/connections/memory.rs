//! What strangers can take of the server's memory.

use super::{MOST_MEMORY_KB, ask, bench, connect, most_memory_kb, noise, parsed, placed};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;
use tempfile::TempDir;

#[test]
fn two_hundred_slow_readers_of_one_sheet() {
    super::descriptors::raise_our_limit();
    let bench = bench(&[]);
    let (host, sheet) = (bench.server.host(), noise(4_600_000));
    let path = placed(&bench.data(), host, &sheet);
    let get = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let mut readers: Vec<TcpStream> = (0..200).map(|_| connect(host)).collect();
    for reader in &mut readers {
        reader.write_all(get.as_bytes()).unwrap();
    }
    for reader in &mut readers {
        reader.read_exact(&mut [0; 100]).unwrap();
    }
    std::thread::sleep(Duration::from_secs(1));
    let raw = ask(host, "GET /openapi.json", &[&format!("Host: {host}")]);
    assert_eq!(raw.status, 200);
    let memory = most_memory_kb(bench.server.id());
    println!("{memory} kB");
    assert!(memory < MOST_MEMORY_KB, "{memory} kB");
    let mut rest = Vec::new();
    readers[0].read_to_end(&mut rest).unwrap();
    let whole = rest
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap();
    assert!(rest[whole + 4..] == sheet);
}

/// Sends what fits without waiting; how many bytes of `request` are sent.
fn push(socket: &mut TcpStream, request: &[u8], mut sent: usize) -> usize {
    socket.set_nonblocking(true).unwrap();
    while sent < request.len() {
        match socket.write(&request[sent..]) {
            Ok(bytes) => sent += bytes,
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            // Answered, and closed, before all was sent.
            Err(_) => return request.len(),
        }
    }
    sent
}

#[test]
fn a_thousand_posts_of_a_megabyte_with_a_wrong_signature() {
    super::descriptors::raise_our_limit();
    let folder = TempDir::new().unwrap();
    let keys = folder.path().join("keys.json");
    std::fs::write(&keys, r#"{"id": "secret"}"#).unwrap();
    std::fs::set_permissions(&keys, PermissionsExt::from_mode(0o600)).unwrap();
    let bench = bench(&["--keys", keys.to_str().unwrap(), "--qps", "0"]);
    let host = bench.server.host();
    let now = std::time::SystemTime::now();
    let now_ms = now
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_millis();
    let stamp = contract::time::utc_time(now_ms.try_into().unwrap());
    // Each of these is nine bytes in the string to sign.
    let long = "!".repeat(1_000_000);
    let body = format!(
        "Action=GetVideoInfo&Version=2017-03-21&Format=JSON&AccessKeyId=id&Timestamp={stamp}\
         &SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&SignatureNonce=n&Signature=x\
         &VideoId={long}"
    );
    let request = format!(
        "POST / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let request = request.as_bytes();
    let client = |_| {
        let mut socket = connect(host);
        let sent = push(&mut socket, request, 0);
        (socket, sent)
    };
    let mut clients: Vec<(TcpStream, usize)> = (0..1000).map(client).collect();
    for _ in 0..10 {
        for (socket, sent) in &mut clients {
            *sent = push(socket, request, *sent);
        }
    }
    let mut statuses = std::collections::BTreeMap::<u16, usize>::new();
    for (mut socket, sent) in clients {
        socket.set_nonblocking(false).unwrap();
        let _ = socket.write_all(&request[sent..]);
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer);
        assert!(answer.len() < 64 * 1024, "{} bytes", answer.len());
        // One that is refused while it still sends may find its connection reset.
        if !answer.is_empty() {
            *statuses.entry(parsed(&answer).status).or_default() += 1;
        }
    }
    let memory = most_memory_kb(bench.server.id());
    println!("{memory} kB, {statuses:?}");
    assert!(statuses.contains_key(&400), "{statuses:?}");
    assert!(memory < MOST_MEMORY_KB, "{memory} kB");
}
