//! PyAV and OpenCV, installed here by pip, pinned by version and hash.

use crate::job::Job;
use crate::measure::Work;
use crate::peer::text;
use crate::say;
use serde_json::json;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder of packages.
pub(crate) struct Python {
    packages: PathBuf,
}

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers")
}

impl Python {
    /// None, said aloud, where they can't be installed.
    pub(crate) fn installed() -> Option<Self> {
        let lock = here().join("requirements.txt");
        let mut hasher = DefaultHasher::new();
        fs::read(&lock).unwrap().hash(&mut hasher);
        let name = format!("../target/peers-python/{:016x}", hasher.finish());
        let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let complete = packages.join(".complete");
        if complete.exists() {
            return Some(Self { packages });
        }
        // What an interrupted run left.
        let _ = fs::remove_dir_all(&packages);
        match install(&lock, &packages).and_then(|()| fs::write(complete, "").map_err(told)) {
            Ok(()) => Some(Self { packages }),
            Err(cause) => {
                say(&format!(
                    "SKIPPED PyAV and OpenCV: they can't be installed: {cause}"
                ));
                None
            }
        }
    }

    /// Such as `PyAV 18.1.0, OpenCV 5.0.0.93`.
    pub(crate) fn versions(&self) -> String {
        let pins = fs::read_to_string(here().join("requirements.in")).unwrap_or_default();
        let pin = |name: &str| {
            pins.lines()
                .find_map(|line| line.strip_prefix(name))
                .unwrap_or("")
        };
        format!(
            "PyAV {}, OpenCV {}",
            pin("av=="),
            pin("opencv-python-headless==")
        )
    }

    /// The driver, `pyav` or `opencv`.
    pub(crate) fn work(&self, with: &str, job: &Job, out: &Path) -> Work {
        let targets = job.targets.iter();
        let order = json!({
            "video": text(&job.subject.path),
            "frames": targets.clone().map(|target| target.frame).collect::<Vec<_>>(),
            "shown_s": targets.map(|target| target.shown_s).collect::<Vec<_>>(),
            "frame_s": job.subject.frame_s,
            "size": [job.size.0, job.size.1],
            "out": text(out),
        });
        let file = out.join("order.json");
        fs::write(&file, order.to_string()).unwrap();
        let driver = here().join("pictures.py");
        let words = ["python3", &text(&driver), with, &text(&file)];
        Work {
            steps: vec![words.map(str::to_owned).to_vec()],
            environment: vec![
                ("PYTHONPATH", text(&self.packages)),
                ("PYTHONDONTWRITEBYTECODE", "1".to_owned()),
            ],
            ..Work::default()
        }
    }
}

fn install(lock: &Path, packages: &Path) -> Result<(), String> {
    say("pip install --require-hashes: PyAV and OpenCV from PyPI, once");
    // Into a folder rather than a virtual environment, for which Debian wants a package more.
    let output = Command::new("python3")
        .args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ])
        .args(["--require-hashes", "--only-binary", ":all:", "--target"])
        .arg(packages)
        .arg("-r")
        .arg(lock)
        .output()
        .map_err(told)?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    output.status.success().then_some(()).ok_or(said)
}

fn told(cause: std::io::Error) -> String {
    cause.to_string()
}
