//! A function under AWS's own Runtime Interface Emulator, the program that `sam local` and the
//! Lambda base images run functions with.

use crate::emulator::free_port;
use crate::install::SAM;
use serde_json::Value;
use std::fs::{self, File};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// One environment of a function.
pub struct Emulated {
    process: Child,
    url: String,
    scratch: tempfile::TempDir,
    /// It dies of two calls at once.
    turn: Mutex<()>,
}

impl Emulated {
    /// `program` with these variables and no others; it starts when it is first called.
    pub async fn start(program: &str, environment: &[(String, String)], timeout: Duration) -> Self {
        let emulator = emulator();
        let (calls, api) = (free_port(), free_port());
        let scratch = tempfile::tempdir().unwrap();
        let log = File::create(scratch.path().join("log")).unwrap();
        let process = Command::new(emulator)
            .arg("--runtime-interface-emulator-address")
            .arg(format!("127.0.0.1:{calls}"))
            .arg("--runtime-api-address")
            .arg(format!("127.0.0.1:{api}"))
            .args(["--log-level", "error", program])
            .env_clear()
            .envs(environment.iter().cloned())
            .env("AWS_LAMBDA_FUNCTION_TIMEOUT", timeout.as_secs().to_string())
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024")
            .env("TMPDIR", scratch.path().join("vod-snapshot"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        until_it_listens(calls).await;
        Self {
            process,
            url: format!("http://127.0.0.1:{calls}/2015-03-31/functions/function/invocations"),
            scratch,
            turn: Mutex::default(),
        }
    }

    /// What the function gives for `event`.
    pub async fn answer(&self, event: &Value) -> Value {
        let _turn = self.turn.lock().await;
        let (url, event) = (self.url.clone(), event.to_string());
        let call = move || ureq::post(&url).send(event)?.body_mut().read_to_string();
        let answer = tokio::task::spawn_blocking(call).await.unwrap();
        let answer = answer.unwrap_or_else(|error| panic!("{error}: {}", self.log()));
        serde_json::from_str(&answer).unwrap_or_else(|_| panic!("{answer:?}: {}", self.log()))
    }

    /// What the function and its emulator wrote.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.scratch.path().join("log")).unwrap()
    }
}

impl Drop for Emulated {
    fn drop(&mut self) {
        // The function is its child, and ends when nobody answers it any more.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The program, as its wheel has it but for the right to run it.
fn emulator() -> PathBuf {
    let folder = SAM.installed().join("samcli/local/rapid");
    let machine = match std::env::consts::ARCH {
        "aarch64" => "arm64",
        other => other,
    };
    let program = folder.join(format!("aws-lambda-rie-{machine}"));
    let mode = fs::Permissions::from_mode(0o755);
    fs::set_permissions(&program, mode).unwrap();
    program
}

async fn until_it_listens(port: u16) {
    let until = Instant::now() + Duration::from_secs(30);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < until, "the emulator does not listen");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
