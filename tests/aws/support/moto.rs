//! Another emulator, for what the first one lacks.

use crate::emulator::free_port;
use crate::install::MOTO;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Ends with its standard input.
const PROGRAM: &str = "
import os, sys, threading
def end_with_the_tests():
    sys.stdin.read()
    os._exit(0)
threading.Thread(target=end_with_the_tests, daemon=True).start()
from moto.server import main
main(sys.argv[1:])
";

/// A running one.
#[derive(Debug)]
pub struct Moto {
    /// Of every service.
    pub endpoint: String,
    process: Child,
}

impl Moto {
    /// A new one, without anything in it.
    #[must_use]
    pub fn start() -> Self {
        let port = free_port().to_string();
        let process = Command::new("python3")
            .args(["-c", PROGRAM, "-H", "127.0.0.1", "-p", &port])
            .env("PYTHONPATH", MOTO.installed())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let endpoint = format!("http://127.0.0.1:{port}");
        let until = Instant::now() + Duration::from_secs(120);
        while ureq::get(format!("{endpoint}/moto-api/data.json"))
            .call()
            .is_err()
        {
            assert!(Instant::now() < until, "moto does not answer");
            std::thread::sleep(Duration::from_millis(100));
        }
        Self { endpoint, process }
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
