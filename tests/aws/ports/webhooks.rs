//! One callback over the network: where it may go, and what counts as taken.

use aws::WebhookSender;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};
use webhook::{AddressRules, ForbiddenUrl, UrlTrust, Webhook, WebhookError};

fn sender(allowed: &[&str]) -> WebhookSender {
    let allowed = allowed.iter().map(|text| text.parse().unwrap()).collect();
    WebhookSender::new(AddressRules::new(allowed)).unwrap()
}

fn webhook(url: &str) -> Webhook {
    Webhook {
        url: url.to_owned(),
        event_id: "1".to_owned(),
        body: b"{}".to_vec(),
        trust: UrlTrust::Client,
        signing_key: None,
    }
}

/// Does this with each connection once its request has come.
fn receiver(answer: impl Fn(TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut request = Vec::new();
            let mut part = [0; 4096];
            while !request.ends_with(b"{}") {
                match stream.read(&mut part) {
                    Ok(count @ 1..) => request.extend_from_slice(&part[..count]),
                    _ => return,
                }
            }
            answer(stream);
        }
    });
    address
}

/// What comes of a callback to whoever answers so, and after how long.
async fn sent(answer: impl Fn(TcpStream) + Send + 'static) -> (Result<(), WebhookError>, Duration) {
    let url = format!("http://{}/hook", receiver(answer));
    let started = Instant::now();
    let result = sender(&["127.0.0.1"]).send(&webhook(&url)).await;
    (result, started.elapsed())
}

fn says(text: &'static str) -> impl Fn(TcpStream) + Send + 'static {
    move |mut stream| stream.write_all(text.as_bytes()).unwrap()
}

const SOON: Duration = Duration::from_secs(2);

#[tokio::test]
async fn nothing_but_200_counts_and_no_redirect_is_followed() {
    let taken = says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assert!(sent(taken).await.0.is_ok());
    let informed = says("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n\r\n");
    assert!(sent(informed).await.0.is_ok());
    for (text, status) in [
        ("HTTP/1.1 204 No Content\r\n\r\n", 204),
        ("HTTP/1.1 201 X\r\nContent-Length: 0\r\n\r\n", 201),
        ("HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n", 500),
        (
            "HTTP/1.1 302 X\r\nLocation: http://169.254.169.254/latest/meta-data/\r\n\r\n",
            302,
        ),
        (
            "HTTP/1.1 307 X\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
            307,
        ),
    ] {
        let (result, took) = sent(says(text)).await;
        assert!(
            matches!(result, Err(WebhookError::Status(found)) if found == status),
            "{result:?}"
        );
        assert!(took < SOON, "{took:?}");
    }
}

/// The status is all that is asked for.
#[tokio::test]
async fn an_endless_body_is_not_read() {
    let (result, took) = sent(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        let chunk = [&b"10000\r\n"[..], &[b'x'; 0x10000], b"\r\n"].concat();
        while stream.write_all(&chunk).is_ok() {}
    })
    .await;
    assert!(result.is_ok(), "{result:?}");
    assert!(took < SOON, "{took:?}");
}

#[tokio::test]
async fn a_slow_answer_is_none_after_five_seconds_and_a_slow_body_is_nobody_s_concern() {
    let slow_head = sent(|mut stream| {
        for byte in b"HTTP/1.1 200 OK\r\nX: ".iter().cycle() {
            if stream.write_all(&[*byte]).is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    });
    let endless_head = sent(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while stream.write_all(b"X: y\r\n").is_ok() {}
    });
    let slow_body = sent(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
        std::thread::sleep(Duration::from_secs(9));
    });
    let (slow_head, endless_head, slow_body) = tokio::join!(slow_head, endless_head, slow_body);
    for (result, took) in [slow_head, endless_head] {
        assert!(
            matches!(result, Err(WebhookError::NoAnswer(_))),
            "{result:?}"
        );
        assert!(took < Duration::from_secs(6), "{took:?}");
    }
    assert!(slow_body.0.is_ok() && slow_body.1 < SOON, "{slow_body:?}");
}

#[tokio::test]
async fn what_is_no_http_is_no_answer_and_its_error_names_no_secret() {
    for text in ["", "\0\0\0", "HTTP/1.1 999999 X\r\n\r\n", "SSH-2.0-x\r\n"] {
        let url = format!("http://{}/SECRET?token=SECRET", receiver(says(text)));
        let error = sender(&["127.0.0.0/8"])
            .send(&webhook(&url))
            .await
            .unwrap_err();
        assert!(!error.is_final(), "{error}");
        assert!(!format!("{error} {error:?}").contains("SECRET"), "{error}");
    }
}

#[tokio::test]
async fn no_address_but_a_public_one_is_called_by_whatever_name() {
    let address = receiver(|_| panic!("it was called"));
    let port = address.port();
    let named = [
        "localhost",
        "LOCALHOST",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "0",
        "[::1]",
    ];
    let urls = named.map(|host| format!("http://{host}:{port}/"));
    let others = [
        "http://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/",
        "http://[fd00:ec2::254]/",
        "http://[::ffff:169.254.169.254]/",
    ];
    for url in urls.iter().map(String::as_str).chain(others) {
        let result = sender(&[]).send(&webhook(url)).await;
        let is_address = |error: &WebhookError| {
            matches!(error, WebhookError::Forbidden(ForbiddenUrl::Address { .. }))
        };
        assert!(result.as_ref().is_err_and(is_address), "{url}: {result:?}");
    }
}
