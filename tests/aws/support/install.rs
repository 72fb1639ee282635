//! Python tools at the versions of their lock files, into `target/<tool>`, once per lock.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// What runs here beside the project's own programs.
#[derive(Debug, Clone, Copy)]
pub enum Tool {
    /// ministack.
    Emulator,
    /// The command line of AWS SAM, cfn-lint in it.
    Sam,
}

/// Held while installing: tests run at once.
static INSTALLING: Mutex<()> = Mutex::new(());

impl Tool {
    fn name(self) -> &'static str {
        match self {
            Self::Emulator => "emulator",
            Self::Sam => "sam",
        }
    }

    /// From the folder of this package.
    fn lock(self) -> &'static str {
        match self {
            Self::Emulator => "requirements.txt",
            Self::Sam => "template/requirements.txt",
        }
    }

    /// The folder that Python finds it in. None, said aloud, where it can't be installed; under CI
    /// a failure.
    #[must_use]
    pub fn installed(self) -> Option<PathBuf> {
        let _guard = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
        match install(self) {
            Ok(folder) => Some(folder),
            Err(reason) => {
                let ci = std::env::var("CI").is_ok_and(|value| value == "true");
                let complaint = format!("the {} can't be installed: {reason}", self.name());
                assert!(!ci, "{complaint}");
                say(&format!("SKIPPED, NOTHING SHOWN: {complaint}"));
                None
            }
        }
    }
}

fn install(tool: Tool) -> Result<PathBuf, String> {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join(tool.lock());
    let mut hasher = DefaultHasher::new();
    fs::read(&lock).unwrap().hash(&mut hasher);
    let folder = target().join(format!("{}/{:016x}", tool.name(), hasher.finish()));
    if folder.exists() {
        return Ok(folder);
    }
    // Under another name until it is whole: several suites may install at once.
    let half = folder.with_extension(std::process::id().to_string());
    let _ = fs::remove_dir_all(&half);
    say(&format!(
        "pip install --require-hashes: the {} from PyPI",
        tool.name()
    ));
    run(Command::new("python3")
        .args(["-m", "pip", "install", "--quiet"])
        .args([
            "--disable-pip-version-check",
            "--require-hashes",
            "--target",
        ])
        .arg(&half)
        .arg("-r")
        .arg(lock))?;
    if fs::rename(&half, &folder).is_err() && !folder.exists() {
        return Err(format!("{} can't be renamed", half.display()));
    }
    let _ = fs::remove_dir_all(&half);
    Ok(folder)
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command
        .output()
        .map_err(|cause| format!("{command:?}: {cause}"))?;
    let told = String::from_utf8_lossy(&output.stderr);
    let ended = output.status.success().then_some(());
    ended.ok_or_else(|| format!("{command:?}: {told}"))
}

/// Past the test harness, which keeps what tests that pass print to itself.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The target folder of this build: programs run from `<target>/<profile>/deps`.
fn target() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    program.ancestors().nth(3).unwrap().to_owned()
}
