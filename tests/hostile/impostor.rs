//! A program in the decoder's place, that does what a hijacked decoder would.

use decoder::{Ffmpeg, FileAccess, Sandbox, Search, locate};
use media::{MediaError, Video};
use plan::Limits;
use plan::Size;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use support::canary::CANARY;
use support::clips::{Recipe, ffmpegs};
use tempfile::TempDir;

/// Of a video that ffmpeg's own demuxer lists.
pub(crate) fn listed_recipe() -> Recipe {
    Recipe::h264("hostile_flv")
        .encoded("flv", "-q:v 3 -g 25")
        .inside(".flv", 1000)
}

/// The name of a file that is there to be attacked.
const VICTIM: &str = "victim";

pub(crate) struct Impostor {
    folder: TempDir,
    ffmpeg: Ffmpeg,
}

/// How a file reaches the decoder.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Way {
    /// Through its stdin.
    Fed,
    /// It opens it itself.
    Opened,
}

impl Impostor {
    pub(crate) fn with(vice: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("ffmpeg");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("hostile/impostor.c");
        let built = Command::new("cc")
            .args(["-O1", "-w", &format!("-D{vice}")])
            .arg(format!("-DCANARY=\"{CANARY}\""))
            .arg(format!(
                "-DVICTIM=\"{}\"",
                folder.path().join(VICTIM).display()
            ))
            .arg(format!("-DSELF=\"{}\"", program.display()))
            .arg("-o")
            .args([&program, &source])
            .status();
        assert!(built.unwrap().success());
        let ffmpeg = locate(&Search::new(Some(program)), &mut |_| {}).unwrap();
        Self { folder, ffmpeg }
    }

    /// Whether this machine's kernel can confine at all.
    pub(crate) fn sandbox(&self) -> Sandbox {
        self.ffmpeg.sandbox
    }

    /// The same on a kernel without Landlock.
    pub(crate) fn without_landlock(mut self) -> Self {
        self.ffmpeg.sandbox.files = FileAccess::Answered;
        self
    }

    /// The same where it can't have a user of its own.
    pub(crate) fn under_our_user(mut self) -> Self {
        self.ffmpeg.sandbox.user = false;
        self
    }

    /// The same with nothing but resource limits.
    pub(crate) fn with_limits_alone(mut self) -> Self {
        self.ffmpeg.sandbox = Sandbox {
            files: FileAccess::Open,
            calls: false,
            user: false,
        };
        self
    }

    /// Makes the file that is there to be attacked.
    pub(crate) fn victim(&self) -> PathBuf {
        let path = self.folder.path().join(VICTIM);
        fs::write(&path, "keys and database\n").unwrap();
        path
    }

    /// The same on a kernel that neither closes files itself nor asks us.
    pub(crate) fn with_open_files(mut self) -> Self {
        self.ffmpeg.sandbox.files = FileAccess::Open;
        self
    }

    /// Gives it a video, and returns how that ended. Nothing of it is left then.
    pub(crate) fn try_on(&self, way: Way, limits: &Limits) -> MediaError {
        let real = &ffmpegs()[0];
        let recipe = match way {
            Way::Fed => Recipe::h264("hostile"),
            Way::Opened => listed_recipe(),
        };
        let clip = recipe.clip(&real.path);
        let video = Video::open(real, &clip, &Limits::default()).unwrap();
        let size = Size {
            width: 160,
            height: 90,
        };
        let error = video
            .extract(&self.ffmpeg, &[0, 100], size, limits, &mut |_| Ok(()))
            .unwrap_err();
        self.left_nothing();
        error
    }

    /// What it says when it is to list a video.
    pub(crate) fn list(&self, limits: &Limits) -> MediaError {
        let real = &ffmpegs()[0];
        let recipe = listed_recipe();
        let clip = recipe.clip(&real.path);
        let error = Video::open(&self.ffmpeg, &clip, limits).unwrap_err();
        self.left_nothing();
        error
    }

    /// Its folders are the working folders of processes, so both are told by the processes.
    fn left_nothing(&self) {
        let mut left = Vec::new();
        for _ in 0..100 {
            left = self.running();
            if left.is_empty() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("still running: {left:?}");
    }

    fn running(&self) -> Vec<PathBuf> {
        let processes = fs::read_dir("/proc").unwrap().flatten();
        let programs =
            processes.filter_map(|process| fs::read_link(process.path().join("exe")).ok());
        programs
            .filter(|program| program.starts_with(self.folder.path()))
            .collect()
    }
}
