//! The user's cache of downloaded ffmpegs: `vod-snapshot/<name>/ffmpeg`.
//!
//! What lies there is run, so it is looked at before each use: nobody else may write it, and its
//! bytes have the SHA-256 that it is to have, or are those that had it a short time ago.

use super::checksum::{expect_sha256, sha256};
use super::inspect::{inspect_anew, recall};
use super::inspection_memory::InspectionMemory;
use super::private_folder::PrivateFolder;
use super::{Ffmpeg, Origin, Version, owner};
use std::fs::{self, File, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long to wait for another process that is downloading the same thing.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// What the names of unpinned builds begin with.
const LATEST: &str = "latest-";

/// The file beside a program with its checksum.
const RECORD: &str = "sha256";

/// An unpinned build's folder.
pub(super) fn latest(version: &Version) -> String {
    format!("{LATEST}{version}")
}

/// A folder that several processes may fill at once.
#[derive(Debug, Clone)]
pub(super) struct FfmpegCache {
    folder: PrivateFolder,
}

/// Held while one process downloads; others wait for it and then find the result.
#[derive(Debug)]
pub(super) struct CacheLock {
    _lock: File,
}

impl FfmpegCache {
    pub(super) fn new(root: &Path) -> Self {
        Self {
            folder: PrivateFolder::in_cache(root),
        }
    }

    /// The ffmpeg kept as `name`, if its bytes are those of `sha256`; none where there is none.
    pub(super) fn find(&self, name: &str, sha256: &str) -> Result<Option<Ffmpeg>, String> {
        let place = self.folder.path().join(name);
        let program = place.join("ffmpeg");
        if fs::symlink_metadata(&program).is_err() {
            return Ok(None);
        }
        self.folder.make()?;
        owner::check(&place)?;
        owner::check(&program)?;
        let memory = InspectionMemory::of(Some(self.folder.clone()));
        if let Some(found) = recall(&program, Origin::Cache, &memory, Some(sha256)) {
            return Ok(Some(found));
        }
        let mut file = File::open(&program).map_err(text)?;
        expect_sha256(&mut file, sha256, "the program").map_err(text)?;
        let found = inspect_anew(&program, Origin::Cache)?;
        memory.keep(&program, Some(sha256), (&found.version, found.sandbox));
        Ok(Some(found))
    }

    /// The newest ffmpeg whose checksum was written down when it was downloaded.
    pub(super) fn find_recorded(&self) -> Result<Option<Ffmpeg>, String> {
        let names = fs::read_dir(self.folder.path())
            .into_iter()
            .flatten()
            .flatten();
        let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let newest = names.filter(|name| name.starts_with(LATEST)).max();
        let Some(name) = newest else {
            return Ok(None);
        };
        let record = self.folder.path().join(&name).join(RECORD);
        owner::check(&record)?;
        let sha256 = fs::read_to_string(&record).map_err(text)?;
        self.find(&name, sha256.trim())
    }

    /// An empty folder on the same file system, gone when dropped.
    pub(super) fn scratch(&self) -> Result<TempDir, String> {
        self.folder.make()?;
        tempfile::Builder::new()
            .prefix(".new-")
            .tempdir_in(self.folder.path())
            .map_err(text)
    }

    /// Waits until no other process downloads.
    pub(super) fn turn(&self) -> Result<CacheLock, String> {
        self.folder.make()?;
        self.lock().map_err(text)
    }

    fn lock(&self) -> io::Result<CacheLock> {
        let lock = File::options()
            .create(true)
            .append(true)
            .open(self.folder.path().join(".lock"))?;
        let until = Instant::now() + PATIENCE;
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(CacheLock { _lock: lock }),
                Err(TryLockError::WouldBlock) if Instant::now() < until => {
                    std::thread::sleep(Duration::from_millis(200));
                }
                Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::TimedOut.into()),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }

    /// Moves the program at `unpacked` to its place in one step, so that no other process ever
    /// sees half of it, and says how it does there. What was in its place is gone.
    pub(super) fn keep(
        &self,
        unpacked: &Path,
        origin: Origin,
        name: impl FnOnce(&Version) -> String,
    ) -> Result<Ffmpeg, String> {
        fs::set_permissions(unpacked, Permissions::from_mode(0o755)).map_err(text)?;
        let found = inspect_anew(unpacked, origin)?;
        let scratch = self.scratch()?;
        let new = scratch.path().join("new");
        fs::create_dir(&new).map_err(text)?;
        fs::set_permissions(&new, Permissions::from_mode(0o755)).map_err(text)?;
        let sum = sha256(&mut File::open(unpacked).map_err(text)?).map_err(text)?;
        fs::write(new.join(RECORD), sum).map_err(text)?;
        fs::set_permissions(new.join(RECORD), Permissions::from_mode(0o644)).map_err(text)?;
        fs::rename(unpacked, new.join("ffmpeg")).map_err(text)?;
        let place = self.folder.path().join(name(&found.version));
        // Away with the scratch folder; who runs it goes on running it.
        let _ = fs::rename(&place, scratch.path().join("old"));
        fs::rename(&new, &place).map_err(text)?;
        Ok(Ffmpeg {
            path: place.join("ffmpeg"),
            ..found
        })
    }
}

fn text(error: io::Error) -> String {
    error.to_string()
}
