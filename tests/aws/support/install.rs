//! What PyPI has, at the versions of a lock file, into `target/<name>`, once per lock.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A lock file, by its path below `tests`, and a name for the folder.
#[derive(Debug, Clone, Copy)]
pub struct Lock {
    file: &'static str,
    name: &'static str,
}

/// The emulator.
pub const EMULATOR: Lock = Lock {
    file: "aws/requirements.txt",
    name: "emulator",
};

/// AWS's own tools: `sam`, `cfn-lint`, and the Runtime Interface Emulator among them.
pub const SAM: Lock = Lock {
    file: "aws/tools/requirements.txt",
    name: "sam",
};

/// The vendor's clients.
pub const CLIENTS: Lock = Lock {
    file: "clients/requirements.txt",
    name: "clients",
};

impl Lock {
    /// The folder that Python finds it in. None, said aloud, where it can't be installed; under
    /// CI a failure.
    #[must_use]
    pub fn installed(self) -> Option<PathBuf> {
        let name = self.name;
        match self.install() {
            Ok(folder) => Some(folder),
            Err(reason) => {
                let ci = std::env::var("CI").is_ok_and(|value| value == "true");
                assert!(!ci, "{name} can't be installed: {reason}");
                say(&format!(
                    "SKIPPED, NOTHING SHOWN: {name} can't be installed: {reason}"
                ));
                None
            }
        }
    }

    fn install(self) -> Result<PathBuf, String> {
        let lock = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .join(self.file);
        let mut hasher = DefaultHasher::new();
        fs::read(&lock).unwrap().hash(&mut hasher);
        let folder = target().join(format!("{}/{:016x}", self.name, hasher.finish()));
        if folder.exists() {
            return Ok(folder);
        }
        // Under another name until it is whole: several suites may install at once.
        let half = folder.with_extension(std::process::id().to_string());
        let _ = fs::remove_dir_all(&half);
        say(&format!(
            "pip install --require-hashes: {} from PyPI",
            self.name
        ));
        // The lock names everything there is to install. Were pip to look again, a package that
        // is locked with an extra would count as another than the one without.
        run(Command::new("python3")
            .args(["-m", "pip", "install", "--quiet", "--no-deps"])
            .args(["--disable-pip-version-check", "--require-hashes"])
            .arg("--target")
            .arg(&half)
            .arg("-r")
            .arg(lock))?;
        if fs::rename(&half, &folder).is_err() && !folder.exists() {
            return Err(format!("{} can't be renamed", half.display()));
        }
        let _ = fs::remove_dir_all(&half);
        Ok(folder)
    }
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
#[must_use]
pub fn target() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    program.ancestors().nth(3).unwrap().to_owned()
}
