use super::*;
use crate::error::ForbiddenUrl;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};

/// A server that gives each request the same answer; on a thread that ends with the test's process.
fn server(status: &str, headers: &str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answer =
        format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n{headers}\r\n");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (mut head, mut lines) = (String::new(), BufReader::new(&stream));
            while lines.read_line(&mut head).is_ok_and(|read| read > 2) {}
            let _ = (&stream).write_all(answer.as_bytes());
        }
    });
    address
}

fn call(named: &str, url: &str) -> Result<u16, ureq::Error> {
    let client = named_hosts_client(vec![named.parse().unwrap()]);
    client
        .get(url)
        .call()
        .map(|answer| answer.status().as_u16())
}

#[track_caller]
fn is_forbidden(named: &str, url: &str) {
    let answer = call(named, url);
    let is_forbidden =
        matches!(&answer, Err(ureq::Error::Other(cause)) if cause.is::<ForbiddenUrl>());
    assert!(is_forbidden, "{named} {url}: {answer:?}");
}

#[test]
fn hosts_and_networks_that_were_named_are_called() {
    let address = server("200 OK", "");
    for named in [address.to_string(), "127.0.0.0/8".to_owned()] {
        assert_eq!(call(&named, &format!("http://{address}/")).unwrap(), 200);
    }
    let away = server("503 No", "");
    let status = call("127.0.0.1", &format!("http://{away}/")).unwrap();
    assert_eq!(status, 503, "no status is an error");
}

#[test]
fn hosts_that_were_not_named_are_never_called() {
    let address = server("200 OK", "");
    for named in ["localhost", "127.0.0.1:1", "example.com", "10.0.0.0/8"] {
        is_forbidden(named, &format!("http://{address}/"));
    }
    for url in [
        "http://user:password@127.0.0.1/",
        "http://169.254.169.254/",
        "https://[::ffff:127.0.0.2]/",
    ] {
        is_forbidden("127.0.0.1", url);
    }
}

#[test]
fn a_redirect_leads_to_named_hosts_only() {
    let inner = server("200 OK", "");
    let to = |url: &str| server("302 Found", &format!("Location: {url}\r\n"));
    let outer = to(&format!("http://{inner}/"));
    is_forbidden(&outer.to_string(), &format!("http://{outer}/"));
    assert_eq!(call("127.0.0.1", &format!("http://{outer}/")).unwrap(), 200);
    let signing_in = to(&format!("http://user:password@{inner}/"));
    is_forbidden("127.0.0.1", &format!("http://{signing_in}/"));
    let round = to("/");
    let answer = call("127.0.0.1", &format!("http://{round}/"));
    assert!(
        matches!(answer, Err(ureq::Error::TooManyRedirects)),
        "{answer:?}"
    );
}

#[test]
fn a_redirect_to_another_scheme_is_not_followed() {
    let to_a_file = server("302 Found", "Location: file:///etc/passwd\r\n");
    assert!(call("127.0.0.1", &format!("http://{to_a_file}/")).is_err());
}
