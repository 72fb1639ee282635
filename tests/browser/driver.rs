//! Scripts that drive a browser, and what they say: a line of JSON for each thing that they saw.

use serde_json::Value;
use std::path::Path;
use std::process::Command;
use support::install::Lock;

/// Runs a script of this folder with what `lock` installs and one argument.
pub(crate) fn drive(lock: Lock, script: &str, asked: &Value) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser");
    let output = Command::new("node")
        .env("NODE_PATH", lock.installed().join("node_modules"))
        .arg(folder.join(script))
        .arg(asked.to_string())
        .output()
        .unwrap();
    eprintln!("{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    eprintln!("{said}");
    let lines = said.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}
