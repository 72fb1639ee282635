//! What supervisors, Prometheus and the log are told of a running server.

mod fairness;
mod health;
mod log;
mod metrics;
mod remote;

use std::io::{Read, Write};
use std::net::TcpStream;
use support::bench::Bench;
use support::server::Server;

fn program() -> &'static str {
    env!("CARGO_BIN_EXE_vod-snapshot-under-test")
}

fn bench(arguments: &[&str]) -> Bench {
    Bench::start(program(), arguments)
}

/// GET with exactly these headers; the whole answer.
fn get_with(server: &Server, path: &str, headers: &str) -> String {
    let mut stream = TcpStream::connect(server.host()).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn status(answer: &str) -> u16 {
    let word = answer.split(' ').nth(1);
    word.and_then(|word| word.parse().ok()).unwrap()
}
