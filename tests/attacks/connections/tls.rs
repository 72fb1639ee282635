//! Clients that never end their handshake, or speak something else than TLS.

use super::deadlines::{Running, ended_after, running_with};
use super::{connect, noise};
use local::TlsFiles;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};
use support::tls::{Authority, get};

/// The head of a record of 512 bytes with a ClientHello of 508, and a part of it.
const HALF_A_HELLO: [u8; 13] = [
    0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, 0x00, 0x00,
];

fn running(authority: &Authority, max_connections: Option<usize>) -> Running {
    let identity = authority.issue("server");
    let files = TlsFiles {
        certificate: identity.certificate,
        key: identity.key,
    };
    running_with(Some(files), max_connections)
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
