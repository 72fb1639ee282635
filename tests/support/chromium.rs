//! A headless Chromium with a profile of its own.

use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// Ends with this value.
pub struct Chromium {
    child: Child,
    _profile: TempDir,
}

impl Chromium {
    /// Opens a page.
    ///
    /// # Panics
    /// It can't be started.
    #[must_use]
    pub fn open(page: &str, options: &[&str]) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let child = Command::new("chromium")
            .args(["--headless=new", "--no-sandbox", "--disable-gpu"])
            .args(["--no-first-run", "--disable-dev-shm-usage"])
            .arg("--disable-background-networking")
            .args(options)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg(page)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self {
            child,
            _profile: profile,
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
