//! `serve` as a user runs it, its log in a file.

use std::fs::File;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command};
use std::time::Duration;
use tempfile::TempDir;

/// Running until dropped.
pub(crate) struct Served {
    child: Child,
    pub(crate) host: String,
    #[allow(dead_code, reason = "removed with the server")]
    folder: TempDir,
}

impl Served {
    /// With one key and no throttle.
    pub(crate) fn start(id: &str, secret: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let (keys, log) = (folder.path().join("keys.json"), folder.path().join("log"));
        std::fs::write(&keys, serde_json::json!({ id: secret }).to_string()).unwrap();
        std::fs::set_permissions(&keys, PermissionsExt::from_mode(0o600)).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_vod-snapshot-under-test"))
            .args(["serve", "--listen", "127.0.0.1:0", "--log-format", "json"])
            .args(["--qps", "0", "--keys"])
            .arg(keys)
            .arg("--data")
            .arg(folder.path().join("data"))
            .arg("--media-root")
            .arg(support::bench::clip().parent().unwrap())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let host = loop {
            if let Some(address) = address(&std::fs::read_to_string(&log).unwrap()) {
                break address;
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        Self {
            child,
            host,
            folder,
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn address(log: &str) -> Option<String> {
    let mut lines = log
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let listening = lines.find(|line| line["Message"] == "listening")?;
    Some(listening["Address"].as_str()?.to_owned())
}
