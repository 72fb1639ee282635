//! Folders for a while. They go when they are dropped; those of a process that was killed are found
//! and removed by the next. Files need none of this: they have no name from the start.
//!
//! Each is held by a lock that ends with its process, however that ends. A process id in its name
//! would not do: ids are given again, and differ between containers that share a folder.

use rustix::fs::OFlags;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use tempfile::{Builder, TempDir};

/// What the names of all of them begin with, and nobody else's.
const PREFIX: &str = "vod-snapshot-run-";
/// Each try fails only where somebody clears away at just that moment.
const TRIES: u32 = 8;

/// An empty folder.
#[derive(Debug)]
pub struct TemporaryFolder {
    folder: TempDir,
    _held: File,
}

impl TemporaryFolder {
    /// # Errors
    /// The folder for temporary files is not there, or full.
    pub fn new() -> io::Result<Self> {
        with_retries(|| {
            let folder = Builder::new().prefix(PREFIX).tempdir()?;
            let held = open(folder.path())?;
            hold(&held)?;
            Ok(Self {
                folder,
                _held: held,
            })
        })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes what killed processes of this user left in the folder for temporary files; how many
/// there were. What is held, of somebody else or no plain file or folder stays.
#[allow(
    clippy::must_use_candidate,
    reason = "it is called for what it removes"
)]
pub fn remove_leftovers() -> usize {
    let Ok(entries) = fs::read_dir(std::env::temp_dir()) else {
        return 0;
    };
    let is_ours = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with(PREFIX);
    let ours = entries
        .flatten()
        .filter(|entry| is_ours(&entry.file_name()));
    ours.filter(|entry| remove_if_left(&entry.path()).is_ok())
        .count()
}

fn remove_if_left(path: &Path) -> io::Result<()> {
    let held = open(path)?;
    let metadata = held.metadata()?;
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    held.try_lock()?;
    match metadata.is_dir() {
        true => fs::remove_dir_all(path),
        false if metadata.is_file() => fs::remove_file(path),
        false => Err(io::ErrorKind::Unsupported.into()),
    }
}

/// Follows no symlink, and waits for nobody at the other end of a pipe.
fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    OpenOptions::new()
        .read(true)
        .custom_flags(flags.bits().cast_signed())
        .open(path)
}

/// Fails where somebody who clears away was faster.
fn hold(file: &File) -> io::Result<()> {
    file.try_lock()?;
    match file.metadata()?.nlink() {
        0 => Err(io::ErrorKind::NotFound.into()),
        _ => Ok(()),
    }
}

fn with_retries<T>(mut make: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    for _ in 1..TRIES {
        match make() {
            Err(cause) if is_a_race(&cause) => {}
            made => return made,
        }
    }
    make()
}

fn is_a_race(cause: &io::Error) -> bool {
    // The folder for temporary files may be gone as well: trying again is cheap.
    matches!(
        cause.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::WouldBlock
    )
}

#[cfg(test)]
mod tests {
    use super::{PREFIX, TemporaryFolder, open, remove_if_left};
    use std::fs;
    use std::io;
    use std::os::unix::fs::symlink;
    use std::time::{Duration, Instant};

    #[test]
    fn what_is_held_stays_and_what_is_left_goes() {
        let folder = TemporaryFolder::new().unwrap();
        let path = folder.path().to_owned();
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(name.starts_with(PREFIX), "{name}");
        assert!(remove_if_left(&path).is_err());
        fs::write(path.join("x"), b"x").unwrap();
        // As a kill leaves it: not removed, and nobody holds it.
        let TemporaryFolder {
            folder,
            _held: held,
        } = folder;
        std::mem::forget(folder);
        drop(held);
        // A process that another test starts at this moment holds a copy until it becomes ffmpeg.
        let begun = Instant::now();
        while let Err(error) = remove_if_left(&path) {
            assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
            assert!(begun.elapsed() < Duration::from_secs(10), "still held");
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(!path.exists());
    }

    #[test]
    fn a_symlink_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("target");
        fs::create_dir(&target).unwrap();
        let link = folder.path().join("link");
        symlink(&target, &link).unwrap();
        assert!(remove_if_left(&link).is_err());
        assert!(target.exists() && link.symlink_metadata().is_ok());
        assert!(open(&link).is_err());
    }
}
