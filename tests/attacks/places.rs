//! Servers over a folder of a test's own, begun again and again, and what they left in it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use support::clips::{Recipe, ffmpegs};
use support::server::{PATIENCE, Server, Setup};
use tempfile::TempDir;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_vod-snapshot-under-test");

/// Pictures of a job that takes many seconds.
pub(crate) const LONG_JOB: usize = 600;

/// Its parameters.
pub(crate) fn long_job() -> [(&'static str, &'static str); 3] {
    [("Count", "600"), ("Interval", "0"), ("Width", "640")]
}

/// A data folder and a media folder with a clip of numbered frames.
pub(crate) struct Place {
    folder: TempDir,
    pub(crate) clip: PathBuf,
    recipe: Recipe,
    arguments: Vec<String>,
    program: PathBuf,
}

impl Place {
    pub(crate) fn new(name: &str, arguments: &[&str]) -> Self {
        let folder = tempfile::Builder::new().prefix(name).tempdir().unwrap();
        let media = folder.path().canonicalize().unwrap().join("media");
        fs::create_dir(&media).unwrap();
        let ffmpeg = &ffmpegs()[0].path;
        let recipe = Recipe::h264("numbered");
        let clip = media.join("clip.mp4");
        fs::copy(recipe.clip(ffmpeg), &clip).unwrap();
        let decoder = ["--ffmpeg", ffmpeg.to_str().unwrap()];
        let all = arguments.iter().chain(&decoder);
        Self {
            folder,
            clip,
            recipe,
            arguments: all.map(|&a| a.to_owned()).collect(),
            program: PathBuf::from(PROGRAM),
        }
    }

    /// The same, where the program is started by a shell that does `before` first.
    pub(crate) fn after(mut self, before: &str) -> Self {
        let path = self.folder.path().join("start");
        let script = format!("#!/bin/sh\n{before}\nexec {PROGRAM} \"$@\"\n");
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        self.program = path;
        self
    }

    pub(crate) fn start(&self) -> Server {
        Server::start(&Setup {
            program: self.program.clone(),
            data: self.data(),
            media_root: self.media(),
            arguments: self.arguments.clone(),
        })
    }

    /// A folder beside the others.
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    pub(crate) fn media(&self) -> PathBuf {
        self.folder("media")
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder("data")
    }

    /// The objects whose names have this in them.
    pub(crate) fn objects_with(&self, part: &str) -> Vec<PathBuf> {
        let mut all = Vec::new();
        files(&self.data().join("objects"), &mut all);
        let named = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().contains(part);
        all.retain(named);
        all
    }

    /// All the pictures of a job, each of the frame that was asked for.
    pub(crate) fn check_pictures(&self, server: &Server, video: &str, job: &str, count: usize) {
        let manifest = server.manifest(video, job);
        assert_eq!(manifest.pictures.len(), count);
        // As many as show that none was left by another run.
        for picture in manifest.pictures.iter().step_by(count.div_ceil(40)) {
            let pixels = server.picture(picture.key.as_ref().unwrap());
            let frame = self.recipe.seen_at(picture.requested_ms);
            assert_eq!(support::number(&pixels), Some(frame.into()), "{picture:?}");
        }
    }

    pub(crate) fn wait_for(&self, what: &str, mut come: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !come() {
            assert!(begun.elapsed() < PATIENCE, "{what}: it does not come");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => files(&path, all),
            path => all.push(path),
        }
    }
}
