//! Answers to the raw requests that caches, players and proxies send.

use super::{ask, bench, connect, exchange, noise, parsed, placed, put};
use std::io::{BufRead, BufReader, Read, Write};

#[test]
fn a_picture_is_sent_whole_in_part_or_not_at_all() {
    let bench = bench(&[]);
    let (server, sheet) = (&bench.server, noise(100_000));
    let path = placed(&bench.data(), server.host(), &sheet);
    let host = format!("Host: {}", server.host());
    let get = |first: &str, headers: &[&str]| {
        let headers = std::iter::once(host.as_str()).chain(headers.iter().copied());
        ask(server.host(), first, &headers.collect::<Vec<_>>())
    };
    let whole = get(&format!("GET {path}"), &[]);
    assert_eq!(
        (whole.status, whole.header("content-type")),
        (200, "image/jpeg")
    );
    assert_eq!(whole.header("content-length"), "100000");
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert!(whole.body == sheet);
    let etag = whole.header("etag").to_owned();
    let modified = whole.header("last-modified").to_owned();
    assert!(etag.len() > 10 && modified.len() == 29, "{}", whole.head);

    let head = get(&format!("HEAD {path}"), &[]);
    assert_eq!((head.status, head.body.len()), (200, 0));
    let same = [
        "content-length",
        "etag",
        "last-modified",
        "content-type",
        "cache-control",
    ];
    for name in same {
        assert_eq!(head.header(name), whole.header(name), "{name}");
    }
    for (range, status, content_range, bytes) in [
        ("bytes=0-9", 206, "bytes 0-9/100000", &sheet[..10]),
        (
            "bytes=99990-",
            206,
            "bytes 99990-99999/100000",
            &sheet[99_990..],
        ),
        (
            "bytes=-5",
            206,
            "bytes 99995-99999/100000",
            &sheet[99_995..],
        ),
        (
            "bytes=5-99999999999999999999999",
            206,
            "bytes 5-99999/100000",
            &sheet[5..],
        ),
        ("bytes=100000-", 416, "bytes */100000", &[]),
        ("bytes=0-1,8-9", 200, "", &sheet[..]),
    ] {
        let raw = get(&format!("GET {path}"), &[&format!("Range: {range}")]);
        assert_eq!(
            (raw.status, raw.header("content-range")),
            (status, content_range)
        );
        assert!(raw.body == bytes, "{range}");
        assert_eq!(raw.header("content-length"), bytes.len().to_string());
        let head = get(&format!("HEAD {path}"), &[&format!("Range: {range}")]);
        assert_eq!((head.status, head.body.len()), (status, 0));
        assert_eq!(head.header("content-length"), raw.header("content-length"));
    }
    for (condition, status) in [
        (format!("If-None-Match: {etag}"), 304),
        (format!("If-Modified-Since: {modified}"), 304),
        (format!("If-Match: {etag}"), 200),
        ("If-Match: \"x\"".to_owned(), 412),
    ] {
        let raw = get(&format!("GET {path}"), &[&condition]);
        assert_eq!(raw.status, status, "{condition}");
        assert_eq!(raw.header("etag"), etag);
        assert_eq!(raw.body.is_empty(), status != 200);
        // In a 304 a length would be taken for that of the file.
        let head = get(&format!("HEAD {path}"), &[&condition]);
        assert_eq!(head.status, status, "{condition}");
        assert_eq!(head.header("content-length").is_empty(), status == 304);
    }

    // Replaced while a client has half of it: what is opened stays, what is asked for is new.
    let mut socket = connect(server.host());
    let request = format!("GET {path} HTTP/1.1\r\n{host}\r\nConnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).unwrap();
    let mut answer = vec![0; 1000];
    socket.read_exact(&mut answer).unwrap();
    put(&bench.data(), &path[1..], &vec![7; 100_000]);
    socket.read_to_end(&mut answer).unwrap();
    assert!(parsed(&answer).body == sheet);
    let part = ["Range: bytes=50000-", &format!("If-Range: {etag}")];
    let raw = get(&format!("GET {path}"), &part);
    assert_eq!(
        (raw.status, raw.body.len()),
        (200, 100_000),
        "not a part of another"
    );
    assert_ne!(raw.header("etag"), etag);
    assert_eq!(get("GET /v/none.jpg", &part).status, 404);
}

#[test]
fn the_openapi_document_is_kept_by_those_who_have_it() {
    let bench = bench(&[]);
    let server = &bench.server;
    let host = format!("Host: {}", server.host());
    let whole = ask(server.host(), "GET /openapi.json", &[&host]);
    assert_eq!(
        (whole.status, whole.header("content-type")),
        (200, "application/json")
    );
    let known = format!("If-None-Match: {}", whole.header("etag"));
    let again = ask(server.host(), "GET /openapi.json", &[&host, &known]);
    assert_eq!((again.status, again.body.len()), (304, 0));
    let head = ask(server.host(), "HEAD /openapi.json", &[&host]);
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), whole.body.len().to_string());
}

#[test]
fn odd_requests_are_answered() {
    let bench = bench(&[]);
    let host = bench.server.host();
    let call = "Action=ListVodTemplate&Version=2017-03-21&TemplateType=Snapshot";
    // The whole URL, as to a proxy; the oldest version; a switch to HTTP/2 that is not taken.
    for (request, status) in [
        (
            format!(
                "GET http://{host}/?{call} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
            ),
            200,
        ),
        (format!("GET /?{call} HTTP/1.0\r\n\r\n"), 200),
        (
            format!(
                "GET /?{call} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade, HTTP2-Settings, close\r\n\
                 Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
            ),
            200,
        ),
        (
            format!(
                "GET /?{call}{} HTTP/1.1\r\nHost: {host}\r\n\r\n",
                "x".repeat(300_000)
            ),
            431,
        ),
        (
            format!(
                "GET /?{call} HTTP/1.1\r\nHost: {host}\r\nx: {}\r\n\r\n",
                "x".repeat(300_000)
            ),
            431,
        ),
        (
            format!("HEAD /?{call} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"),
            403,
        ),
    ] {
        let raw = exchange(host, &request);
        // A line that is too long has a status of its own.
        let got = if raw.status == 414 { 431 } else { raw.status };
        assert_eq!(got, status, "{}\n{}", &request[..60], raw.head);
    }
}

#[test]
fn requests_sent_at_once_are_answered_in_turn() {
    let bench = bench(&[]);
    let host = bench.server.host();
    let first = placed(&bench.data(), host, b"first");
    let second = placed(&bench.data(), host, b"second");
    let get = |path: &str, end: &str| format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{end}\r\n");
    let both = get(&first, "") + &get(&second, "Connection: close\r\n");
    let first = exchange(host, &both);
    assert_eq!(first.header("content-length"), "5");
    let text = first.text();
    assert!(
        text.starts_with("firstHTTP/1.1 200 OK\r\n") && text.ends_with("\r\n\r\nsecond"),
        "{text}"
    );
}

#[test]
fn a_body_is_asked_for_before_it_is_sent() {
    let bench = bench(&[]);
    let host = bench.server.host();
    let head = |bytes: usize| {
        format!(
            "POST / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nExpect: 100-continue\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {bytes}\r\n\r\n"
        )
    };
    let body = "Action=ListVodTemplate&Version=2017-03-21&TemplateType=Snapshot";
    let mut socket = connect(host);
    socket.write_all(head(body.len()).as_bytes()).unwrap();
    let mut reader = BufReader::new(socket.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert_eq!(line, "HTTP/1.1 100 Continue\r\n");
    reader.read_line(&mut line).unwrap();
    socket.write_all(body.as_bytes()).unwrap();
    let mut answer = Vec::new();
    reader.read_to_end(&mut answer).unwrap();
    assert_eq!(parsed(&answer).status, 200);
    // One that is too long is refused without being asked for.
    let raw = exchange(host, &head(2_000_000));
    assert_eq!(raw.status, 400);
    assert!(raw.text().contains("LengthExceededMax"), "{}", raw.text());
}
