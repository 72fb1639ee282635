use super::*;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

/// A server that gives every connection the same bytes, and ends when the test does.
fn answering(answer: impl Into<Vec<u8>>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, answer) = (listener.local_addr().unwrap().port(), answer.into());
    std::thread::spawn(move || {
        for connection in listener.incoming().map_while(Result::ok).take(20) {
            let _ = reply(connection, &answer);
        }
    });
    port
}

fn reply(mut connection: TcpStream, answer: &[u8]) -> io::Result<()> {
    let mut request = [0; 4096];
    let _ = connection.read(&mut request)?;
    connection.write_all(answer)
}

fn client(ports: &[u16]) -> DownloadClient {
    let allow = |port: &u16| format!("127.0.0.1:{port}").parse().unwrap();
    DownloadClient::new(ports.iter().map(allow).collect())
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}/a.mp4?token=secret")
}

fn redirect(to: &str) -> String {
    format!(
        "HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    )
}

fn file(headers: &str, body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nconnection: close\r\n{headers}\r\n{body}")
}

fn refused(answer: impl Into<Vec<u8>>) -> DownloadError {
    let port = answering(answer);
    client(&[port]).open(&url(port)).unwrap_err()
}

#[test]
fn a_redirect_into_the_machine_or_to_its_cloud_is_not_followed() {
    let secret = answering(file("content-length: 6\r\n", "secret"));
    for target in [
        format!("http://127.0.0.1:{secret}/"),
        format!("http://localhost:{secret}/"),
        format!("http://[::ffff:127.0.0.1]:{secret}/"),
        format!("http://2130706433:{secret}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://10.0.0.1/".to_owned(),
        "//169.254.169.254/x".to_owned(),
    ] {
        let error = refused(redirect(&target));
        assert!(
            matches!(error, DownloadError::Forbidden(_)),
            "{target}: {error}"
        );
        assert!(error.is_final());
    }
    for target in [
        "file:///etc/passwd",
        "ftp://a.example/",
        "gopher://a.example/",
        "http://",
    ] {
        let error = refused(redirect(target));
        assert!(
            matches!(error, DownloadError::Refused(_)),
            "{target}: {error}"
        );
    }
    let error = refused(redirect("http://user:secret@1.1.1.1/"));
    assert!(matches!(error, DownloadError::Forbidden(_)), "{error}");
}

#[test]
fn redirects_come_to_an_end() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut hops = 0;
        for connection in listener.incoming().map_while(Result::ok).take(20) {
            hops += 1;
            let _ = reply(connection, redirect(&format!("/{hops}")).as_bytes());
        }
    });
    let error = client(&[port]).open(&url(port)).unwrap_err();
    assert_eq!(error.to_string(), "the URL redirects more than 5 times");
    let (end, hop) = (answering(file("content-length: 2\r\n", "ok")), 0);
    let first = answering(redirect(&format!("http://127.0.0.1:{end}/{hop}")));
    let mut body = String::new();
    let mut found = client(&[first, end]).open(&url(first)).unwrap();
    found.read_to_string(&mut body).unwrap();
    assert_eq!((body.as_str(), found.length_bytes), ("ok", Some(2)));
}

#[test]
fn fewer_bytes_than_announced_are_no_file() {
    let port = answering(file("content-length: 10\r\n", "short"));
    let mut found = client(&[port]).open(&url(port)).unwrap();
    let error = found.read_to_end(&mut Vec::new()).unwrap_err();
    assert!(error.to_string().len() > 5, "{error}");
    let chunked = file("transfer-encoding: chunked\r\n", "5\r\nshort\r\n");
    let port = answering(chunked);
    let mut found = client(&[port]).open(&url(port)).unwrap();
    assert!(found.read_to_end(&mut Vec::new()).is_err());
}

#[test]
fn what_is_no_file_is_said() {
    for (answer, is_final, said) in [
        (
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned(),
            true,
            "404",
        ),
        (
            "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n".to_owned(),
            true,
            "403",
        ),
        (
            "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n".to_owned(),
            false,
            "503",
        ),
        (
            "HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n".to_owned(),
            true,
            "redirect",
        ),
        (
            file("content-type: text/html\r\n", "<p>sign in"),
            true,
            "web page",
        ),
        (file("content-encoding: br\r\n", "x"), true, "compressed"),
        ("SSH-2.0-OpenSSH\r\n".to_owned(), false, ""),
    ] {
        let error = refused(answer.as_str());
        assert_eq!(error.is_final(), is_final, "{answer}: {error}");
        let text = error.to_string();
        assert!(
            text.contains(said) && !text.contains("secret"),
            "{answer}: {text}"
        );
    }
}

#[test]
fn an_address_of_this_machine_is_called_only_where_it_is_allowed() {
    let port = answering(file("content-length: 2\r\n", "ok"));
    let error = client(&[]).open(&url(port)).unwrap_err();
    assert!(matches!(error, DownloadError::Forbidden(_)), "{error}");
    assert!(!error.to_string().contains("127.0.0.1"), "{error}");
    assert!(client(&[port]).open(&url(port)).is_ok());
}

/// Much at once, and then a byte now and then.
struct FastStart(u32);

impl Read for FastStart {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0 += 1;
        if self.0 < 1000 {
            return Ok(into.len());
        }
        std::thread::sleep(Duration::from_millis(20));
        into[0] = 1;
        Ok(1)
    }
}

/// The rate was an average since the start: 60 MB at once allowed a byte every 19 s for an hour.
#[test]
fn a_fast_start_allows_to_stall() {
    let mut download = Download::new(None, Box::new(FastStart(0)));
    let mut piece = vec![0; 1 << 16];
    for _ in 0..999 {
        assert_eq!(download.read(&mut piece).unwrap(), piece.len());
    }
    // As if it had stood still for almost as long as it may.
    download.has_waited(Duration::from_millis(29_900));
    let error = (0..20).find_map(|_| download.read(&mut piece).err());
    assert_eq!(error.unwrap().kind(), io::ErrorKind::TimedOut);
}
