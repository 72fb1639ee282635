use super::*;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};

const FILE: &[u8] = b"0123456789";

/// A server that answers each request by `answer`, given its head; on a thread that ends with the
/// test's process.
fn server(answer: impl Fn(&str) -> String + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut head = String::new();
            let mut lines = BufReader::new(&stream);
            while lines.read_line(&mut head).is_ok_and(|read| read > 2) {}
            let _ = (&stream).write_all(answer(&head).as_bytes());
        }
    });
    address
}

fn part(head: &str, etag: &str) -> String {
    let range = head.to_ascii_lowercase();
    let range = range.split("range: bytes=").nth(1).unwrap();
    let (first, last) = range
        .split_whitespace()
        .next()
        .unwrap()
        .split_once('-')
        .unwrap();
    let (first, last): (usize, usize) = (first.parse().unwrap(), last.parse().unwrap());
    let body = std::str::from_utf8(&FILE[first..=last]).unwrap();
    format!(
        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {first}-{last}/{}\r\nETag: {etag}\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        FILE.len(),
        body.len(),
    )
}

fn client(named: &str) -> RangeClient {
    RangeClient::new(vec![named.parse().unwrap()])
}

#[test]
fn a_range_of_the_version_that_was_seen_is_read() {
    let address = server(|head| part(head, "\"a\""));
    for named in [address.to_string(), "127.0.0.0/8".to_owned()] {
        let client = client(&named);
        let url = format!("http://{address}/v.mp4?sig=SECRET");
        let facts = client.look(&url).unwrap();
        assert_eq!(
            (facts.bytes, facts.validator.as_deref()),
            (10, Some("\"a\""))
        );
        let mut bytes = [0; 3];
        client.read(&url, &facts, 4, &mut bytes).unwrap();
        assert_eq!(&bytes, b"456");
    }
}

#[test]
fn hosts_that_were_not_named_are_never_called() {
    let address = server(|head| part(head, "\"a\""));
    for named in ["localhost", "127.0.0.1:1", "example.com", "10.0.0.0/8"] {
        let found = client(named).look(&format!("http://{address}/"));
        assert!(
            matches!(found, Err(RangeError::NotNamed)),
            "{named}: {found:?}"
        );
    }
    let client = client("127.0.0.1");
    for url in [
        "file:///etc/passwd",
        "http://user:password@127.0.0.1/",
        "http://169.254.169.254/",
    ] {
        assert!(
            matches!(client.look(url), Err(RangeError::NotNamed)),
            "{url}"
        );
    }
}

#[test]
fn a_redirect_leads_to_named_hosts_only() {
    let inner = server(|head| part(head, "\"a\""));
    let outer = server(move |_| {
        format!(
            "HTTP/1.1 302 Found\r\nLocation: http://{inner}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
    });
    let found = client(&outer.to_string()).look(&format!("http://{outer}/"));
    assert!(matches!(found, Err(RangeError::NotNamed)), "{found:?}");
    assert!(
        client("127.0.0.1")
            .look(&format!("http://{outer}/"))
            .is_ok()
    );
    let round = server(|_| {
        "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .to_owned()
    });
    let found = client("127.0.0.1").look(&format!("http://{round}/"));
    assert!(matches!(found, Err(RangeError::Refused(_))), "{found:?}");
}

#[test]
fn another_version_another_range_and_no_range_are_errors() {
    let seen = FileFacts {
        bytes: 10,
        validator: Some("\"a\"".to_owned()),
    };
    let read = |answer: fn(&str) -> String| {
        let address = server(answer);
        client("127.0.0.1").read(&format!("http://{address}/"), &seen, 0, &mut [0; 2])
    };
    let other = read(|head| part(head, "\"b\""));
    assert!(matches!(other, Err(RangeError::Changed)), "{other:?}");
    let whole =
        read(|_| "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx".to_owned());
    assert!(matches!(whole, Err(RangeError::Changed)), "{whole:?}");
    let shifted = read(|head| part(head, "\"a\"").replace("bytes 0-1", "bytes 1-2"));
    assert!(
        matches!(shifted, Err(RangeError::Refused(_))),
        "{shifted:?}"
    );
    let short = read(|head| part(head, "\"a\"").replace("\r\n\r\n01", "\r\n\r\n0"));
    assert!(matches!(short, Err(RangeError::NoAnswer(_))), "{short:?}");
    let away =
        read(|_| "HTTP/1.1 503 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned());
    assert!(matches!(away, Err(RangeError::NoAnswer(_))), "{away:?}");
}
