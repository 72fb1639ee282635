use super::*;
use crate::webhook::tests::webhook;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

fn client(allowed: &[&str]) -> WebhookClient {
    WebhookClient::new(allowed.iter().map(|text| text.parse().unwrap()).collect())
}

/// Why `url`, which a client named, may not be called; none: it was tried, and failed.
fn forbidden(allowed: &[&str], url: &str) -> Option<ForbiddenUrl> {
    match client(allowed).send(&webhook(url, UrlTrust::Client)) {
        Err(WebhookError::Forbidden(forbidden)) => Some(forbidden),
        Err(_) => None,
        Ok(()) => panic!("{url} was called"),
    }
}

/// Answers one request with `answer`; the URL, and the request once it came.
fn receiver(answer: String) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "http://{}/hook?token=SECRET",
        listener.local_addr().unwrap()
    );
    let received = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"{}") {
            let mut part = [0; 4096];
            let len = stream.read(&mut part).unwrap();
            request.extend_from_slice(&part[..len]);
        }
        stream.write_all(answer.as_bytes()).unwrap();
        String::from_utf8(request).unwrap()
    });
    (url, received)
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
        let forbidden = forbidden(&[], url);
        assert!(
            matches!(forbidden, Some(ForbiddenUrl::Address { .. })),
            "{url}"
        );
    }
}

#[test]
fn credentials_are_not_sent_anywhere() {
    let url = "http://user:password@127.0.0.1/";
    assert_eq!(
        forbidden(&["127.0.0.1"], url),
        Some(ForbiddenUrl::Credentials)
    );
}

#[test]
fn a_redirect_is_an_answer_and_is_not_followed() {
    let second = TcpListener::bind("127.0.0.1:0").unwrap();
    let onward = format!("http://{}/", second.local_addr().unwrap());
    let answer = format!("HTTP/1.1 307 X\r\nLocation: {onward}\r\nContent-Length: 0\r\n\r\n");
    for trust in [UrlTrust::Client, UrlTrust::Operator] {
        let (url, received) = receiver(answer.clone());
        let sent = client(&["127.0.0.1"]).send(&webhook(&url, trust));
        assert!(matches!(sent, Err(WebhookError::Status(307))), "{sent:?}");
        received.join().unwrap();
    }
    second.set_nonblocking(true).unwrap();
    assert!(second.accept().is_err(), "the redirect was followed");
}

#[test]
fn only_200_is_success() {
    for (status, is_taken) in [(200, true), (201, false), (204, false), (500, false)] {
        let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n");
        let (url, received) = receiver(answer);
        let sent = client(&[]).send(&webhook(&url, UrlTrust::Operator));
        assert_eq!(sent.is_ok(), is_taken, "{status}");
        received.join().unwrap();
    }
}

#[test]
fn only_a_callback_with_a_key_is_signed() {
    for key in [None, Some("test123")] {
        let (url, received) = receiver("HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n".into());
        let webhook = Webhook {
            signing_key: key.map(str::to_owned),
            ..webhook(&url, UrlTrust::Operator)
        };
        client(&[]).send(&webhook).unwrap();
        let request = received.join().unwrap();
        assert!(request.contains("x-vod-event-id: 1"), "{request}");
        assert_eq!(request.contains("x-vod-signature: "), key.is_some());
    }
}

#[test]
fn no_error_names_the_secret_of_a_url() {
    let port = closed_port();
    let url = format!("http://127.0.0.1:{port}/SECRET?token=SECRET");
    let error = client(&[]).send(&webhook(&url, UrlTrust::Operator));
    let error = error.unwrap_err();
    assert!(!error.is_final());
    assert!(!format!("{error} {error:?}").contains("SECRET"), "{error}");
}

#[test]
fn the_debug_form_of_a_callback_has_no_secret() {
    let webhook = Webhook {
        signing_key: Some("SECRET".to_owned()),
        ..webhook("http://u:SECRET@host/SECRET?SECRET", UrlTrust::Client)
    };
    let text = format!("{webhook:?}");
    assert!(text.contains("http://host/..."), "{text}");
    assert!(!text.contains("SECRET"), "{text}");
}

/// Bound and then closed: a connection is tried, and fails.
fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

#[test]
fn what_the_operator_allows_is_called_and_nothing_beside_it() {
    let port = closed_port();
    let url = format!("http://127.0.0.1:{port}/");
    for allowed in ["127.0.0.1", "127.0.0.0/8", &format!("127.0.0.1:{port}")] {
        assert_eq!(forbidden(&[allowed], &url), None, "{allowed}");
    }
    for other in ["127.0.0.1:1", "localhost", "10.0.0.0/8"] {
        assert!(forbidden(&[other], &url).is_some(), "{other}");
    }
}
