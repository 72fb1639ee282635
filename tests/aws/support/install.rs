//! The emulator at the version of the lock file, into `target/emulator`, once per lock.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder that Python finds the emulator in. None, said aloud, where it can't be installed;
/// under CI a failure.
pub(crate) fn installed() -> Option<PathBuf> {
    match install() {
        Ok(folder) => Some(folder),
        Err(reason) => {
            let ci = std::env::var("CI").is_ok_and(|value| value == "true");
            assert!(!ci, "the emulator can't be installed: {reason}");
            say(&format!(
                "SKIPPED, NOTHING SHOWN: the emulator can't be installed: {reason}"
            ));
            None
        }
    }
}

fn install() -> Result<PathBuf, String> {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("requirements.txt");
    let mut hasher = DefaultHasher::new();
    fs::read(&lock).unwrap().hash(&mut hasher);
    let folder = target().join(format!("emulator/{:016x}", hasher.finish()));
    if folder.exists() {
        return Ok(folder);
    }
    // Under another name until it is whole: several suites may install at once.
    let half = folder.with_extension(std::process::id().to_string());
    let _ = fs::remove_dir_all(&half);
    say("pip install --require-hashes: the emulator from PyPI");
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
