//! Clients that never end their handshake, or speak something else than TLS.

use super::deadlines::{Running, ended_after, running_idly, running_with};
use super::{connect, noise};
use local::TlsFiles;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::tls::{Authority, get};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore};

/// The head of a record of 512 bytes with a ClientHello of 508, and a part of it.
const HALF_A_HELLO: [u8; 13] = [
    0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, 0x00, 0x00,
];

fn files(authority: &Authority) -> TlsFiles {
    let identity = authority.issue("server");
    TlsFiles {
        certificate: identity.certificate,
        key: identity.key,
    }
}

fn running(authority: &Authority, max_connections: Option<usize>) -> Running {
    running_with(Some(files(authority)), max_connections)
}

/// The last bytes of a handshake that is done but for them, and `request` after it, encrypted.
fn handshake(authority: &Authority, host: &str, request: &[u8]) -> (TcpStream, Vec<u8>, usize) {
    let mut roots = RootCertStore::empty();
    let pem = std::fs::read(authority.certificate()).unwrap();
    roots
        .add(CertificateDer::from_pem_slice(&pem).unwrap())
        .unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let mut session = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut socket = connect(host);
    while session.is_handshaking() {
        while session.wants_write() {
            session.write_tls(&mut socket).unwrap();
        }
        session.read_tls(&mut socket).unwrap();
        session.process_new_packets().unwrap();
    }
    let mut last = Vec::new();
    while session.wants_write() {
        session.write_tls(&mut last).unwrap();
    }
    let handshake_bytes = last.len();
    session.writer().write_all(request).unwrap();
    while session.wants_write() {
        session.write_tls(&mut last).unwrap();
    }
    (socket, last, handshake_bytes)
}

/// How what is sent is cut, which is the end of a handshake of so many bytes and half a head.
type Pieces<'a> = &'a dyn Fn(&[u8], usize) -> Vec<Vec<u8>>;

/// What came along with the end of a handshake was taken for a part of it, and the client for an
/// idle one.
#[test]
fn half_a_head_after_a_handshake_is_cut_as_on_plain_http() {
    let (authority, half) = (Authority::new(), b"GET / HTTP/1.1\r\nHost: lo");
    let running = running_idly(Some(files(&authority)));
    let send = |pieces: Pieces| {
        let (mut socket, bytes, handshake_bytes) = handshake(&authority, &running.host, half);
        for piece in pieces(&bytes, handshake_bytes) {
            socket.write_all(&piece).unwrap();
            std::thread::sleep(Duration::from_millis(200));
        }
        ended_after(socket, b"")
    };
    for took in [
        send(&|bytes, _| vec![bytes.to_vec()]),
        send(&|bytes, end| vec![bytes[..end].to_vec(), bytes[end..].to_vec()]),
        // Not even a record is whole.
        send(&|bytes, _| vec![bytes[..bytes.len() - 5].to_vec()]),
        send(&|bytes, end| vec![bytes[..end + 3].to_vec()]),
        send(&|bytes, end| vec![bytes[..end].to_vec(), bytes[end..end + 3].to_vec()]),
    ] {
        assert!(took < Duration::from_secs(5), "{took:?}");
    }
    answers(&authority, &running);
    let silent = {
        let (mut socket, bytes, end) = handshake(&authority, &running.host, half);
        socket.write_all(&bytes[..end]).unwrap();
        socket
            .set_read_timeout(Some(Duration::from_secs(3)))
            .unwrap();
        let mut tickets = Vec::new();
        socket.read_to_end(&mut tickets)
    };
    assert!(
        silent.is_err(),
        "who sends nothing is idle, which is allowed for longer"
    );
}

fn answers(authority: &Authority, running: &Running) {
    let url = format!("https://{}/openapi.json", running.host);
    assert_eq!(get(&authority.certificate(), &url).unwrap(), 200);
}

fn sending(running: &Running, bytes: &[u8]) -> TcpStream {
    let mut socket = connect(&running.host);
    socket.write_all(bytes).unwrap();
    socket
}

#[test]
fn handshakes_that_do_not_end_are_cut_within_the_deadlines() {
    let authority = Authority::new();
    let running = running(&authority, None);
    std::thread::scope(|scope| {
        let mut clients = Vec::new();
        for _ in 0..50 {
            for (first, dribble) in [
                (&b""[..], &b""[..]),
                (&HALF_A_HELLO, b""),
                // Still within the record, and a byte at a time.
                (&HALF_A_HELLO, b"\0"),
            ] {
                let socket = sending(&running, first);
                clients.push(scope.spawn(move || ended_after(socket, dribble)));
            }
        }
        answers(&authority, &running);
        for client in clients {
            let took = client.join().unwrap();
            assert!(took < Duration::from_secs(5), "{took:?}");
        }
    });
    answers(&authority, &running);
}

#[test]
fn a_flood_of_half_open_handshakes_makes_room_for_those_that_end() {
    let authority = Authority::new();
    let running = running(&authority, Some(8));
    let mut held = Vec::new();
    for _ in 0..5 {
        held.extend((0..20).map(|_| sending(&running, &HALF_A_HELLO)));
        let begun = Instant::now();
        answers(&authority, &running);
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}

/// The bytes of a handshake are no request, whose deadline would be another.
#[test]
fn a_client_that_is_silent_after_its_handshake_is_idle() {
    let authority = Authority::new();
    let running = running(&authority, None);
    let mut openssl = std::process::Command::new("openssl")
        .args(["s_client", "-quiet", "-connect", &running.host, "-CAfile"])
        .arg(authority.certificate())
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let ended = loop {
        if openssl.try_wait().unwrap().is_some() {
            break true;
        }
        if begun.elapsed() > Duration::from_secs(10) {
            break false;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let _ = openssl.kill();
    let _ = openssl.wait();
    assert!(ended, "the connection is still open");
}

#[test]
fn what_is_not_tls_is_closed_and_the_server_goes_on() {
    let authority = Authority::new();
    let running = running(&authority, None);
    let plain = format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", running.host);
    let noise = noise(70_000);
    let mut huge = vec![0x16, 0x03, 0x01, 0xff, 0xff];
    huge.extend_from_slice(&noise);
    let speeches: [&[u8]; 6] = [
        plain.as_bytes(),
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10",
        &noise,
        &huge,
    ];
    for bytes in speeches {
        let mut socket = connect(&running.host);
        // It may be closed before all of it is sent.
        let _ = socket.write_all(bytes);
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer);
        // An alert of seven bytes at most, and no answer of ours.
        assert!(answer.len() <= 7, "{answer:?}");
        answers(&authority, &running);
    }
}

#[test]
fn no_other_host_is_served_inside_of_tls() {
    let authority = Authority::new();
    let running = running(&authority, None);
    let url = format!("https://{}/", running.host);
    let config = ureq::Agent::config_builder()
        .tls_config(support::tls::trusting(&authority.certificate()))
        .http_status_as_error(false);
    let agent: ureq::Agent = config.build().into();
    let call = agent.get(&url).header("Host", "evil.example").call();
    assert_eq!(call.unwrap().status().as_u16(), 403);
}
