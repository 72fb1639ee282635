//! Receivers of callbacks, each on a port of its own.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What a receiver got by one call.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The request line and the headers, in lower case.
    pub(crate) head: String,
    pub(crate) body: String,
    pub(crate) at: Instant,
}

impl Call {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines();
        lines.find_map(|line| line.strip_prefix(&format!("{name}: ")))
    }
}

/// Ends with the tests.
#[derive(Debug, Clone)]
pub(crate) struct Receiver {
    pub(crate) port: u16,
    calls: Arc<Mutex<Vec<Call>>>,
}

/// What is answered to a call, of which so many came before; none: nothing, and the connection stays.
pub(crate) type Answer = fn(&Call, usize) -> Option<&'static str>;

pub(crate) const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
pub(crate) const BAD: &str = "HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n";

impl Receiver {
    pub(crate) fn start(answer: Answer) -> Self {
        Self::listen(TcpListener::bind("127.0.0.1:0").unwrap(), answer)
    }

    pub(crate) fn at(port: u16, answer: Answer) -> Self {
        Self::listen(TcpListener::bind(("127.0.0.1", port)).unwrap(), answer)
    }

    fn listen(listener: TcpListener, answer: Answer) -> Self {
        let port = listener.local_addr().unwrap().port();
        let calls = Arc::<Mutex<Vec<Call>>>::default();
        let kept = Arc::clone(&calls);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || serve(stream, &kept, answer));
            }
        });
        Self { port, calls }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/hook?token=SECRET", self.port)
    }

    pub(crate) fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, kept: &Mutex<Vec<Call>>, answer: Answer) {
    let mut bytes = Vec::new();
    let (head, length) = loop {
        let mut part = [0; 4096];
        let Ok(count @ 1..) = stream.read(&mut part) else {
            return;
        };
        bytes.extend_from_slice(&part[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let head = head.to_ascii_lowercase();
        let length = head.split("content-length: ").nth(1).unwrap();
        let length: usize = length.lines().next().unwrap().parse().unwrap();
        if body.len() >= length {
            break (head, length);
        }
    };
    let call = Call {
        head,
        body: String::from_utf8(bytes.split_off(bytes.len() - length)).unwrap(),
        at: Instant::now(),
    };
    let before = {
        let mut kept = kept.lock().unwrap();
        kept.push(call.clone());
        kept.len() - 1
    };
    match answer(&call, before) {
        Some(answer) => {
            let _ = stream.write_all(answer.as_bytes());
        }
        None => std::thread::sleep(Duration::from_secs(30)),
    }
}
