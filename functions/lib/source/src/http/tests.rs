use super::*;
use std::io::Write;
use std::net::TcpListener;
use std::thread;

const FILE: &[u8] = b"0123456789abcdef";

/// Answers each request, of which it is told the range, with what `answer` writes.
fn server(answer: impl Fn(Option<(usize, usize)>) -> String + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/clip.mp4", listener.local_addr().unwrap());
    thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && connection.read(&mut byte).unwrap_or(0) == 1 {
                head.push(byte[0]);
            }
            let head = String::from_utf8(head).unwrap().to_lowercase();
            let range = head.split_once("range: bytes=").map(|(_, rest)| {
                let (first, last) = rest.split_once('\r').unwrap().0.split_once('-').unwrap();
                (first.parse().unwrap(), last.parse().unwrap())
            });
            let _ = connection.write_all(answer(range).as_bytes());
        }
    });
    url
}

fn response(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n{body}")
}

/// The bytes of `range`, as a server gives them that knows ranges.
fn part(range: Option<(usize, usize)>, etag: &str) -> String {
    let (first, last) = range.unwrap();
    let body = std::str::from_utf8(&FILE[first..=last]).unwrap();
    let (length, total) = (body.len(), FILE.len());
    let headers = format!(
        "Content-Length: {length}\r\nContent-Range: bytes {first}-{last}/{total}\r\nETag: {etag}\r\n"
    );
    response("206 Partial Content", &headers, body)
}

fn opened(url: &str) -> HttpSource {
    match open(&Agent::new_with_defaults(), url).unwrap() {
        HttpFile::Ranges(source) => source,
        HttpFile::Whole(whole) => panic!("{whole:?}"),
    }
}

/// What reading the bytes 2 to 5 gives of a server whose answers after the first are `answer`.
fn read(answer: impl Fn((usize, usize)) -> String + Send + 'static) -> Result<[u8; 4], ReadError> {
    let url = server(move |range| match range {
        Some((0, 0)) => part(range, "\"a\""),
        range => answer(range.unwrap()),
    });
    let mut bytes = [0; 4];
    opened(&url).read_at(2, &mut bytes).map(|()| bytes)
}

#[test]
fn ranges_come_true_to_the_byte() {
    let url = server(|range| part(range, "\"a\""));
    let source = opened(&url);
    assert_eq!(source.bytes(), 16);
    for (offset, length) in [(0, 16), (3, 1), (15, 1), (7, 0)] {
        let mut bytes = vec![0; length];
        source.read_at(offset as u64, &mut bytes).unwrap();
        assert_eq!(bytes, FILE[offset..offset + length]);
    }
    let beyond = source.read_at(15, &mut [0; 2]);
    assert!(matches!(beyond, Err(ReadError::Changed)), "{beyond:?}");
}

#[test]
fn a_server_that_gives_less_of_a_range_is_asked_for_the_rest() {
    let got = read(|(first, last)| part(Some((first, last.min(first + 1))), "\"a\""));
    assert_eq!(&got.unwrap(), b"2345");
}

#[test]
fn a_file_that_becomes_another_between_two_ranges_is_not_mixed() {
    let changed = [
        read(|range| part(Some(range), "\"b\"")),
        read(|_| response("200 OK", "Content-Length: 2\r\n", "xx")),
        read(|_| response("412 Precondition Failed", "Content-Length: 0\r\n", "")),
        read(|_| response("416 Range Not Satisfiable", "Content-Length: 0\r\n", "")),
        read(|_| {
            let headers = "Content-Length: 4\r\nContent-Range: bytes 2-5/17\r\n";
            response("206 Partial Content", headers, "2345")
        }),
    ];
    for got in changed {
        assert!(matches!(got, Err(ReadError::Changed)), "{got:?}");
    }
}

#[test]
fn a_server_that_lies_about_lengths_is_not_believed() {
    let lies = [
        // Another range, more bytes, fewer bytes, no range at all.
        (
            "Content-Length: 4\r\nContent-Range: bytes 3-6/16\r\n",
            "3456",
        ),
        (
            "Content-Length: 6\r\nContent-Range: bytes 2-7/16\r\n",
            "234567",
        ),
        (
            "Content-Length: 6\r\nContent-Range: bytes 2-5/16\r\n",
            "234567",
        ),
        ("Content-Length: 4\r\nContent-Range: bytes 2-5/16\r\n", "23"),
        ("Content-Range: bytes 2-5/16\r\n", "23456789"),
        ("Content-Length: 4\r\n", "2345"),
    ];
    for (headers, body) in lies {
        let got = read(move |_| response("206 Partial Content", headers, body));
        assert!(
            matches!(got, Err(ReadError::Transient(_))),
            "{headers}: {got:?}"
        );
    }
}

#[test]
fn what_a_status_means_decides_whether_to_try_again() {
    let status = |line: &'static str| read(move |_| response(line, "Content-Length: 0\r\n", ""));
    assert!(matches!(status("404 Not Found"), Err(ReadError::Gone)));
    assert!(matches!(status("403 Forbidden"), Err(ReadError::Denied(_))));
    assert!(matches!(status("503 Busy"), Err(ReadError::Transient(_))));
    assert!(matches!(status("429 Slowly"), Err(ReadError::Transient(_))));
    assert!(matches!(status("402 Pay"), Err(ReadError::Denied(_))));
}

#[test]
fn a_redirect_that_holds_no_more_is_asked_for_again() {
    use std::sync::atomic::{AtomicBool, Ordering};
    static IS_OVER: AtomicBool = AtomicBool::new(false);
    let first = server(|range| match IS_OVER.load(Ordering::Relaxed) {
        true => response("403 Forbidden", "Content-Length: 0\r\n", ""),
        false => part(range, "\"a\""),
    });
    let second = server(|range| part(range, "\"a\""));
    let url = server(move |_| {
        let place = if IS_OVER.load(Ordering::Relaxed) {
            &second
        } else {
            &first
        };
        let headers = format!("Location: {place}\r\nContent-Length: 0\r\n");
        response("302 Found", &headers, "")
    });
    let source = opened(&url);
    IS_OVER.store(true, Ordering::Relaxed);
    let mut bytes = [0; 4];
    source.read_at(2, &mut bytes).unwrap();
    assert_eq!(&bytes, b"2345");
}

#[test]
fn a_server_without_ranges_gives_the_whole_file() {
    let url = server(|_| response("200 OK", "Content-Length: 4\r\n", "abcd"));
    let HttpFile::Whole(mut whole) = open(&Agent::new_with_defaults(), &url).unwrap() else {
        panic!("ranges of a server that has none");
    };
    let mut bytes = Vec::new();
    whole.reader.read_to_end(&mut bytes).unwrap();
    assert_eq!((whole.length_bytes, &*bytes), (Some(4), &b"abcd"[..]));
}

#[test]
fn what_is_no_file_is_told_apart() {
    let opened = |answer: String| {
        let url = server(move |_| answer.clone());
        open(&Agent::new_with_defaults(), &url)
            .unwrap_err()
            .to_string()
    };
    let empty = opened(response(
        "416 Nothing",
        "Content-Range: bytes */0\r\nContent-Length: 0\r\n",
        "",
    ));
    assert_eq!(empty, "the file is empty");
    let missing = opened(response("404 Not Found", "Content-Length: 0\r\n", ""));
    assert_eq!(missing, "the server answered with status 404");
    let packed = opened(response(
        "200 OK",
        "Content-Encoding: br\r\nContent-Length: 1\r\n",
        "x",
    ));
    assert!(packed.contains("compressed"), "{packed}");
}

#[test]
fn what_was_read_is_not_asked_for_again() {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let url = server(|range| {
        ASKED.fetch_add(1, Ordering::Relaxed);
        part(range, "\"a\"")
    });
    let source = opened(&url);
    for (offset, length) in [(2, 8), (4, 2), (2, 8), (9, 1)] {
        let mut bytes = vec![0; length];
        source.read_at(offset as u64, &mut bytes).unwrap();
        assert_eq!(bytes, FILE[offset..offset + length]);
    }
    assert_eq!(ASKED.load(Ordering::Relaxed), 2, "to open it, and once");
}
