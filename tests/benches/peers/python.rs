//! PyAV and OpenCV, installed here by pip, pinned by version and hash.

use crate::job::Job;
use crate::measure::Work;
use crate::peer::text;
use crate::say;
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use support::install::{Installer, Lock};

/// A folder of packages.
pub(crate) struct Python {
    packages: PathBuf,
}

const LOCK: Lock = Lock {
    file: "benches/peers/requirements.txt",
    name: "peers-python",
    by: Installer::PipOfWheels,
};

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers")
}

impl Python {
    /// None, said aloud, where they can't be installed.
    pub(crate) fn installed() -> Option<Self> {
        let packages = LOCK.install();
        let packages = packages.inspect_err(|cause| say(&format!("SKIPPED the peers: {cause}")));
        packages.ok().map(|packages| Self { packages })
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
