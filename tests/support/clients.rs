//! The vendor's own clients at the versions of the lock files, into `target/clients`, once per lock.

#![allow(clippy::unwrap_used)]

use serde_json::Value;
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// Held while installing: tests run at once.
static INSTALLING: Mutex<()> = Mutex::new(());

/// What runs a client.
#[derive(Debug, Clone, Copy)]
pub enum Runtime {
    /// drive.py
    Python,
    /// drive.js
    Node,
}

/// An interpreter that finds the clients.
struct Program {
    file: PathBuf,
    environment: Vec<(&'static str, PathBuf)>,
}

impl Runtime {
    fn driver(self) -> &'static str {
        match self {
            Self::Python => "drive.py",
            Self::Node => "drive.js",
        }
    }

    /// Runs the driver in one of its modes; it ends with 0 or says what is wrong.
    pub fn drive(self, mode: &str, setup: &Value) {
        let Some(program) = self.program() else {
            return;
        };
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
        let output = Command::new(program.file)
            .arg(here.join(self.driver()))
            .args([mode, &setup.to_string()])
            .envs(program.environment)
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{mode}: {told}");
    }

    /// None, said aloud, where the runtime or its registry is not there; under CI a failure.
    fn program(self) -> Option<Program> {
        let _guard = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
        match self.installed() {
            Ok(folder) => Some(self.program_in(&folder)),
            Err(reason) => {
                let ci = std::env::var("CI").is_ok_and(|value| value == "true");
                assert!(!ci, "the clients can't be installed: {reason}");
                say(&format!(
                    "SKIPPED, NOTHING SHOWN: the clients can't be installed: {reason}"
                ));
                None
            }
        }
    }

    fn program_in(self, folder: &Path) -> Program {
        match self {
            Self::Python => Program {
                file: "python3".into(),
                environment: vec![
                    ("PYTHONDONTWRITEBYTECODE", "1".into()),
                    ("PYTHONPATH", folder.join("python")),
                ],
            },
            Self::Node => Program {
                file: "node".into(),
                environment: vec![("NODE_PATH", folder.join("node_modules"))],
            },
        }
    }

    fn installed(self) -> Result<PathBuf, String> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients");
        let lock = here.join(self.lock());
        let folder = target().join(format!("{}-{:016x}", self.name(), hash(&lock)));
        let complete = folder.join(".complete");
        if complete.exists() {
            return Ok(folder);
        }
        // What an interrupted run left.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|cause| cause.to_string())?;
        match self {
            Self::Python => install_python(&folder, &lock)?,
            Self::Node => install_node(&folder, &here)?,
        }
        fs::write(complete, "").map_err(|cause| cause.to_string())?;
        Ok(folder)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Node => "node",
        }
    }

    fn lock(self) -> &'static str {
        match self {
            Self::Python => "requirements.txt",
            Self::Node => "package-lock.json",
        }
    }
}

fn install_python(folder: &Path, lock: &Path) -> Result<(), String> {
    say("pip install --require-hashes: the Python clients from PyPI");
    // Into a folder rather than a virtual environment, for which Debian wants a package more.
    run(Command::new("python3")
        .args(["-m", "pip", "install", "--quiet"])
        .args([
            "--disable-pip-version-check",
            "--require-hashes",
            "--target",
        ])
        .arg(folder.join("python"))
        .arg("-r")
        .arg(lock))
}

fn install_node(folder: &Path, here: &Path) -> Result<(), String> {
    for name in ["package.json", "package-lock.json"] {
        fs::copy(here.join(name), folder.join(name)).map_err(|cause| cause.to_string())?;
    }
    say("npm ci: the Node clients from npm");
    run(Command::new("npm").current_dir(folder).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ]))
}

/// Past the test harness, which keeps what tests that pass print to itself.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command
        .output()
        .map_err(|cause| format!("{command:?}: {cause}"))?;
    let told = String::from_utf8_lossy(&output.stderr);
    let ended = output.status.success().then_some(());
    ended.ok_or_else(|| format!("{command:?}: {told}"))
}

/// `target/clients`, wherever this build's target folder is.
fn target() -> PathBuf {
    // Programs run from `<target>/<profile>/deps`.
    let program = std::env::current_exe().unwrap();
    let target = program.ancestors().nth(3).unwrap();
    target.join("clients")
}

fn hash(lock: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    fs::read(lock).unwrap().hash(&mut hasher);
    hasher.finish()
}
