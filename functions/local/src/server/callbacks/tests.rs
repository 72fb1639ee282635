use super::*;
use std::io::{Read, Write};
use std::net::TcpListener;

/// How a POST to `url` is refused, if it is.
fn refused(allowed: &[&str], url: &str) -> Option<Refused> {
    let allowed = allowed.iter().map(|text| text.parse().unwrap()).collect();
    let error = client(allowed).post(url).send(&b""[..]).unwrap_err();
    refusal(&error).cloned()
}

#[test]
fn no_way_of_writing_an_address_gets_through() {
    for url in [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://LOCALHOST:81/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://0/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "https://192.168.1.1/",
        "http://[fd00:ec2::254]/",
    ] {
        let refused = refused(&[], url);
        assert!(matches!(refused, Some(Refused::Address { .. })), "{url}");
    }
}

#[test]
fn credentials_are_not_sent_anywhere() {
    let url = "http://user:password@127.0.0.1/";
    assert_eq!(refused(&["127.0.0.1"], url), Some(Refused::Credentials));
}

#[test]
fn a_redirect_is_an_answer_and_is_not_followed() {
    let [first, second] = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let url = format!("http://{}/", first.local_addr().unwrap());
    let onward = format!("http://{}/", second.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = first.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]).unwrap();
        let answer = format!("HTTP/1.1 307 X\r\nLocation: {onward}\r\nContent-Length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).unwrap();
    });
    let allowed = vec!["127.0.0.1".parse().unwrap()];
    let answer = client(allowed).post(&url).send(&b""[..]).unwrap();
    assert_eq!(answer.status(), 307);
    server.join().unwrap();
    second.set_nonblocking(true).unwrap();
    assert!(second.accept().is_err(), "nobody came");
}

#[test]
fn what_the_operator_allows_is_called_and_nothing_beside_it() {
    // Bound and then closed: a connection is tried, and fails.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("http://127.0.0.1:{port}/");
    for allowed in ["127.0.0.1", "127.0.0.0/8", &format!("127.0.0.1:{port}")] {
        assert_eq!(refused(&[allowed], &url), None, "{allowed}");
    }
    for other in ["127.0.0.1:1", "localhost", "10.0.0.0/8"] {
        assert!(refused(&[other], &url).is_some(), "{other}");
    }
}
