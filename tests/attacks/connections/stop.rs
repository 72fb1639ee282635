//! A server that is told to stop while clients and receivers hold on to it.

use super::{connect, noise, placed};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};
use support::bench::{Bench, clip};

/// Clients of all kinds that have no wish to end.
fn holders(bench: &Bench) -> Vec<TcpStream> {
    let host = bench.server.host();
    let path = placed(&bench.data(), host, &noise(8 << 20));
    let mut holders = Vec::new();
    for request in [
        format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"),
        format!("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000\r\n\r\nAction"),
        format!("GET /openapi.json HTTP/1.1\r\nHost: {host}\r\n\r\n"),
        "GET / HT".to_owned(),
        String::new(),
    ] {
        for _ in 0..10 {
            let mut socket = connect(host);
            socket.write_all(request.as_bytes()).unwrap();
            holders.push(socket);
        }
    }
    for socket in &mut holders[..10] {
        socket.read_exact(&mut [0; 100]).unwrap();
    }
    holders
}

#[test]
fn sigterm_ends_within_two_seconds_and_says_what_is_left() {
    // Takes the connection, and never answers.
    let receiver = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", receiver.local_addr().unwrap());
    let mut bench = super::bench(&["--notify", &url]);
    let holders = holders(&bench);
    let server = &bench.server;
    let video = server.register(clip());
    let first = server.submit(&video, &[("Count", "1"), ("Width", "64")]);
    assert_eq!(server.wait(&first), "Success");
    let (delivery, _) = receiver.accept().unwrap();
    let many = [("Count", "200"), ("Interval", "0"), ("Width", "1280")];
    let jobs: Vec<_> = (0..5).map(|_| server.submit(&video, &many)).collect();
    std::thread::sleep(Duration::from_millis(300));
    let begun = Instant::now();
    assert!(
        bench.server.terminate(),
        "it ended with another status than 0"
    );
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(2), "{took:?}");
    let line = bench
        .server
        .log_lines("goes on at the next start")
        .remove(0);
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    let left = line["JobsLeft"].as_u64().unwrap();
    assert!((1..=5).contains(&left), "{line}");
    assert!(line["DeliveriesLeft"].as_u64().unwrap() >= 1, "{line}");
    // The slow readers and the open bodies; what waits for a request is just closed.
    let cut = line["ConnectionsCut"].as_u64().unwrap();
    assert!((10..=20).contains(&cut), "{line}");
    drop((holders, delivery));
    println!("{took:?}, {line}, {} jobs", jobs.len());
}

#[test]
fn a_second_signal_ends_at_once() {
    let bench = super::bench(&[]);
    let _holders = holders(&bench);
    let pid = bench.server.id().to_string();
    let signal = |name: &str| {
        let kill = std::process::Command::new("kill")
            .args([name, &pid])
            .status();
        assert!(kill.unwrap().success());
    };
    let begun = Instant::now();
    signal("-INT");
    while bench.server.log_lines("SIGINT: stopping").is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    signal("-TERM");
    while bench.server.log_lines("ending at once").is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(2));
        std::thread::sleep(Duration::from_millis(5));
    }
    // Ended, and not yet asked for its status.
    while !std::fs::read_to_string(format!("/proc/{pid}/status"))
        .unwrap()
        .contains("State:\tZ")
    {
        assert!(begun.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(5));
    }
    let waited = bench.server.log_lines("goes on at the next start");
    assert_eq!(waited, [""; 0], "the first stop came to its end");
}
