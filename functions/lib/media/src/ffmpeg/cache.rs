//! The user's cache of downloaded ffmpegs: `vod-snapshot/ffmpeg-<version>/ffmpeg`.

use super::inspect::inspect;
use super::{Ffmpeg, Origin};
use std::fs::{self, File, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long to wait for another process that is downloading the same thing.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// A folder that several processes may fill at once.
#[derive(Debug, Clone)]
pub(super) struct Cache {
    folder: PathBuf,
}

/// Held while one process downloads; others wait for it and then find the result.
#[derive(Debug)]
pub(super) struct Turn {
    _lock: File,
}

impl Cache {
    pub(super) fn new(root: &Path) -> Self {
        Self {
            folder: root.join("vod-snapshot"),
        }
    }

    /// The newest usable ffmpeg kept here.
    pub(super) fn find(&self) -> Option<Ffmpeg> {
        let mut kept: Vec<PathBuf> = fs::read_dir(&self.folder)
            .ok()?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| is_kept(path))
            .collect();
        kept.sort();
        kept.iter()
            .rev()
            .find_map(|folder| inspect(&folder.join("ffmpeg"), Origin::Cache).ok())
    }

    /// An empty folder on the same file system, gone when dropped.
    pub(super) fn scratch(&self) -> io::Result<TempDir> {
        fs::create_dir_all(&self.folder)?;
        tempfile::Builder::new()
            .prefix(".new-")
            .tempdir_in(&self.folder)
    }

    /// Waits until no other process downloads.
    pub(super) fn turn(&self) -> io::Result<Turn> {
        fs::create_dir_all(&self.folder)?;
        let lock = File::options()
            .create(true)
            .append(true)
            .open(self.folder.join(".lock"))?;
        let until = Instant::now() + PATIENCE;
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(Turn { _lock: lock }),
                Err(TryLockError::WouldBlock) if Instant::now() < until => {
                    std::thread::sleep(Duration::from_millis(200));
                }
                Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::TimedOut.into()),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }

    /// Moves the program at `unpacked` to its place in one step, so that no other process ever
    /// sees half of it, and says how it does there.
    pub(super) fn keep(&self, unpacked: &Path, origin: Origin) -> Result<Ffmpeg, String> {
        fs::set_permissions(unpacked, Permissions::from_mode(0o755)).map_err(text)?;
        let found = inspect(unpacked, origin)?;
        let scratch = self.scratch().map_err(text)?;
        fs::rename(unpacked, scratch.path().join("ffmpeg")).map_err(text)?;
        fs::set_permissions(scratch.path(), Permissions::from_mode(0o755)).map_err(text)?;
        let place = self.folder.join(format!("ffmpeg-{}", found.version));
        if fs::rename(scratch.path(), &place).is_err() {
            // A folder is there already: put the file over the old one, also in one step.
            fs::create_dir_all(&place).map_err(text)?;
            fs::rename(scratch.path().join("ffmpeg"), place.join("ffmpeg")).map_err(text)?;
        }
        Ok(Ffmpeg {
            path: place.join("ffmpeg"),
            ..found
        })
    }
}

fn is_kept(path: &Path) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with("ffmpeg-"))
}

fn text(error: io::Error) -> String {
    error.to_string()
}
