//! One emulator for all tests of a process.

use crate::install::{EMULATOR, SAM};
use std::ffi::OsString;
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Ends when this process does: nobody holds the other end of its standard input any more.
const PROGRAM: &str = "
import os, sys, threading
def end_with_the_tests():
    sys.stdin.read()
    os._exit(0)
threading.Thread(target=end_with_the_tests, daemon=True).start()
from ministack.app import main
sys.argv = ['ministack']
main()
";

/// A running emulator.
#[derive(Debug)]
pub struct Emulator {
    /// Of every service.
    pub endpoint: String,
    _process: Child,
}

impl Emulator {
    /// The emulator of this process.
    pub fn get() -> &'static Self {
        static STARTED: OnceLock<Emulator> = OnceLock::new();
        STARTED.get_or_init(|| Self::run(EMULATOR.installed().into(), false))
    }

    /// Another one, which deploys templates: with the SAM transform, which AWS's tools bring, and
    /// with roles and policies enforced.
    #[must_use]
    pub fn of_templates() -> Self {
        let folders = [EMULATOR.installed(), SAM.installed()];
        Self::run(std::env::join_paths(folders).unwrap(), true)
    }

    fn run(python_path: OsString, strict: bool) -> Self {
        let port = free_port();
        let process = Command::new("python3")
            .args(["-c", PROGRAM])
            .env("PYTHONPATH", python_path)
            .env("AUTH", strict.to_string())
            // A job in hand is not taken for a function that does nothing.
            .env("LAMBDA_WARM_TTL_SECONDS", "300")
            .env("MINISTACK_HOST", "127.0.0.1")
            .env("BIND_HOST", "127.0.0.1")
            .env("GATEWAY_PORT", port.to_string())
            .env("LOG_LEVEL", "INFO")
            .stdin(Stdio::piped())
            .stdout(log())
            .stderr(log())
            .spawn()
            .unwrap();
        let endpoint = format!("http://127.0.0.1:{port}");
        await_answer(&endpoint);
        Self {
            endpoint,
            _process: process,
        }
    }
}

/// Where to look when a suite fails: the file that `EMULATOR_LOG` names.
fn log() -> Stdio {
    let Some(file) = std::env::var_os("EMULATOR_LOG") else {
        return Stdio::null();
    };
    let opened = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(file);
    opened.unwrap().into()
}

fn await_answer(endpoint: &str) {
    let health = format!("{endpoint}/_localstack/health");
    let until = Instant::now() + Duration::from_secs(120);
    while ureq::get(&health).call().is_err() {
        assert!(Instant::now() < until, "the emulator does not answer");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Of the loopback; nobody else has it until somebody asks for any.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
