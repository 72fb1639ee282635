//! What a registry has, at the versions and hashes of a lock file, into `target/<name>`, once per
//! lock.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

/// Held while installing: tests run at once.
static INSTALLING: Mutex<()> = Mutex::new(());

/// A lock file.
#[derive(Debug, Clone, Copy)]
pub struct Lock {
    /// Its path below `tests`.
    pub file: &'static str,
    /// Of the folder, and what it is called when it is spoken of.
    pub name: &'static str,
    /// Who reads it.
    pub by: Installer,
}

/// What installs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installer {
    /// `requirements.txt`, from PyPI.
    Pip,
    /// The same where it is out of the question to build a package from its source.
    PipOfWheels,
    /// `package-lock.json`, from npm.
    Npm,
}

impl Lock {
    /// The folder that Python finds modules in, Node its `node_modules`.
    ///
    /// # Panics
    /// It can't be installed.
    #[must_use]
    pub fn installed(self) -> PathBuf {
        let installed = self.install();
        installed.unwrap_or_else(|cause| panic!("{} can't be installed: {cause}", self.name))
    }

    /// The same, or why it can't be installed.
    ///
    /// # Errors
    /// What the installer said.
    pub fn install(self) -> Result<PathBuf, String> {
        let _guard = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join(self.file);
        let folder = target().join(format!("{}/{:016x}", self.name, hash(&lock)));
        if folder.exists() {
            return Ok(folder);
        }
        // Under another name until it is whole: several suites may install at once.
        let half = folder.with_extension(std::process::id().to_string());
        let _ = fs::remove_dir_all(&half);
        fs::create_dir_all(&half).map_err(|cause| cause.to_string())?;
        match self.by {
            Installer::Pip => self.pip(&lock, &half, &[])?,
            Installer::PipOfWheels => self.pip(&lock, &half, &["--only-binary", ":all:"])?,
            Installer::Npm => self.npm(&lock, &half)?,
        }
        if fs::rename(&half, &folder).is_err() && !folder.exists() {
            return Err(format!("{} can't be renamed", half.display()));
        }
        let _ = fs::remove_dir_all(&half);
        Ok(folder)
    }

    /// Into a folder rather than a virtual environment, for which Debian wants a package more.
    fn pip(self, lock: &Path, folder: &Path, options: &[&str]) -> Result<(), String> {
        say(&format!(
            "pip install --require-hashes: {} from PyPI, once",
            self.name
        ));
        // The lock names everything there is to install. Were pip to look again, a package that
        // is locked with an extra would count as another than the one without.
        let work = empty_folder()?;
        // -I: nothing of the current folder and of PYTHON*, which are anybody's.
        run(clean(&mut Command::new("python3"))
            .current_dir(work.path())
            .args(["-I", "-m", "pip", "install", "--quiet", "--no-deps"])
            .args(["--disable-pip-version-check", "--require-hashes"])
            .args(options)
            .arg("--target")
            .arg(folder)
            .arg("-r")
            .arg(lock))
    }

    fn npm(self, lock: &Path, folder: &Path) -> Result<(), String> {
        for file in [lock, &lock.with_file_name("package.json")] {
            let name = file.file_name().unwrap_or_default();
            fs::copy(file, folder.join(name)).map_err(|cause| cause.to_string())?;
        }
        say(&format!("npm ci: {} from npm, once", self.name));
        run(clean(&mut Command::new("npm")).current_dir(folder).args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
        ]))
    }
}

fn empty_folder() -> Result<tempfile::TempDir, String> {
    tempfile::tempdir().map_err(|cause| cause.to_string())
}

/// With nothing of our environment but what an installer needs: where programs, its configuration
/// and its caches are, and how to reach its registry.
fn clean(command: &mut Command) -> &mut Command {
    let needed = |name: &str| {
        let registry = ["PIP_", "XDG_", "npm_config_", "SSL_CERT_"];
        let exact = [
            "HOME",
            "PATH",
            "TMPDIR",
            "NODE_EXTRA_CA_CERTS",
            "REQUESTS_CA_BUNDLE",
            "CURL_CA_BUNDLE",
        ];
        let proxy = name.to_ascii_lowercase().ends_with("_proxy");
        proxy || exact.contains(&name) || registry.iter().any(|prefix| name.starts_with(prefix))
    };
    let kept = std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(needed));
    let kept: Vec<_> = kept.collect();
    command.env_clear().envs(kept)
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

fn hash(lock: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    fs::read(lock).unwrap().hash(&mut hasher);
    hasher.finish()
}

/// The target folder of this build: programs run from `<target>/<profile>/deps`.
#[must_use]
pub fn target() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    program.ancestors().nth(3).unwrap().to_owned()
}
