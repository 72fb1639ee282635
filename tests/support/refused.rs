//! A server that does not start, and what it says.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// How `vod-snapshot serve` ended.
#[derive(Debug)]
pub struct Refusal {
    /// Its exit status.
    pub status: Option<i32>,
    /// What it wrote on its standard error.
    pub said: String,
}

/// Runs `program serve` with these arguments and keys, which must end before it begins anything.
///
/// # Panics
/// It left a data folder.
#[must_use]
pub fn refusal(program: &Path, arguments: &[&str], keys: Option<&str>) -> Refusal {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let mut command = Command::new(program);
    command
        .args(["serve", "--data"])
        .arg(&data)
        .args(arguments)
        .current_dir(folder.path())
        .env_remove("VOD_SNAPSHOT_KEYS")
        .stdin(Stdio::null());
    if let Some(keys) = keys {
        command.env("VOD_SNAPSHOT_KEYS", keys);
    }
    let output = command.output().unwrap();
    assert!(!data.exists(), "nothing was begun");
    Refusal {
        status: output.status.code(),
        said: String::from_utf8(output.stderr).unwrap(),
    }
}
