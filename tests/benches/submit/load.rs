//! Connections that send one request after another, each as soon as the last is answered.

use contract::request::RawRequest;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Barrier;
use std::time::{Duration, Instant};

/// How long the whole took, and each answer.
pub(crate) struct Measured {
    whole: Duration,
    /// Sorted.
    each: Vec<Duration>,
}

impl Measured {
    pub(crate) fn per_second(&self) -> f64 {
        self.each.len() as f64 / self.whole.as_secs_f64()
    }

    /// The answer that `percent` of all were no slower than, ms.
    pub(crate) fn ms(&self, percent: usize) -> f64 {
        let last = self.each.len() - 1;
        self.each[last * percent / 100].as_secs_f64() * 1000.0
    }
}

/// A request on a connection that stays open.
pub(crate) fn bytes(raw: &RawRequest) -> Vec<u8> {
    let mut text = format!("{} /?{} HTTP/1.1\r\n", raw.method, raw.raw_query);
    for (name, value) in &raw.headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("content-length: 0\r\n\r\n");
    text.into_bytes()
}

/// Sends what each connection has; all begin at once.
pub(crate) fn run(host: &str, requests: &[Vec<Vec<u8>>]) -> Measured {
    let start = Barrier::new(requests.len() + 1);
    let (whole, mut each) = std::thread::scope(|scope| {
        let start = &start;
        let spawn = |requests| scope.spawn(move || send_all(host, requests, start));
        let connections: Vec<_> = requests.iter().map(|each| spawn(each)).collect();
        start.wait();
        let begun = Instant::now();
        let each: Vec<_> = connections
            .into_iter()
            .flat_map(|connection| connection.join().unwrap())
            .collect();
        (begun.elapsed(), each)
    });
    each.sort_unstable();
    Measured { whole, each }
}

fn send_all(host: &str, requests: &[Vec<u8>], start: &Barrier) -> Vec<Duration> {
    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_nodelay(true).unwrap();
    let mut answers = BufReader::new(stream.try_clone().unwrap());
    start.wait();
    let send = |request: &Vec<u8>| {
        let begun = Instant::now();
        stream.write_all(request).unwrap();
        read_answer(&mut answers);
        begun.elapsed()
    };
    requests.iter().map(send).collect()
}

/// One request on a connection of its own; the answer's body.
pub(crate) fn ask(host: &str, request: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(host).unwrap();
    stream.write_all(request).unwrap();
    read_answer(&mut BufReader::new(stream))
}

/// Reads one whole answer, which must be 200.
fn read_answer(answers: &mut BufReader<TcpStream>) -> Vec<u8> {
    let status = line(answers);
    let mut length = 0;
    loop {
        let header = line(answers);
        if header.is_empty() {
            break;
        }
        if let Some(text) = header.strip_prefix("content-length: ") {
            length = text.parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    answers.read_exact(&mut body).unwrap();
    let told = String::from_utf8_lossy(&body);
    assert!(status.starts_with("HTTP/1.1 200"), "{status}: {told}");
    body
}

fn line(answers: &mut BufReader<TcpStream>) -> String {
    let mut line = String::new();
    assert_ne!(answers.read_line(&mut line).unwrap(), 0, "hung up");
    line.trim_end().to_ascii_lowercase().replace("http", "HTTP")
}
