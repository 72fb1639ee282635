//! Unfinished files, and those that a run left which was killed.
//!
//! A run that ends by itself, or by a signal that can be heard, removes what it was writing.
//! SIGKILL and a power cut can't be heard: the next run that writes to the folder removes what they
//! left. Whoever writes an unfinished file holds a lock on it, which ends with its process however
//! that ends, so that a file without one belongs to nobody.

use rustix::fs::{CWD, FileType, Mode, OFlags, fstat, openat};
use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use tempfile::{Builder, NamedTempFile};

/// The name of an unfinished file is this and so many letters and digits: long enough that nobody
/// else gives it to a file.
const PREFIX: &str = ".vod-snapshot-unfinished-";
const RANDOM_CHARACTERS: usize = 12;
/// A sweep in another process may take a file between its creation and its lock. Twice in a row is
/// no accident.
const ATTEMPTS: usize = 8;

/// An unfinished file, with the lock that says so.
#[derive(Debug)]
pub(super) struct Unfinished(pub(super) NamedTempFile);

/// A new unfinished file in `folder`.
pub(super) fn create_in(folder: &Path) -> io::Result<Unfinished> {
    for _ in 0..ATTEMPTS {
        let file = Builder::new()
            .prefix(PREFIX)
            .rand_bytes(RANDOM_CHARACTERS)
            // What any program gives a new file; the umask takes its part.
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder)?;
        // Some network file systems have no locks, and then nobody sweeps there.
        let _ = file.as_file().try_lock();
        if file.as_file().metadata()?.nlink() > 0 {
            return Ok(Unfinished(file));
        }
    }
    Err(io::Error::other("its unfinished file is removed each time"))
}

/// Removes the unfinished files in `folder` that no process holds. What can't be removed stays: it
/// is in nobody's way.
pub(super) fn sweep(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let is_ours = entry.file_name().to_str().is_some_and(is_unfinished_name);
        // The lock is held until the name is gone.
        if is_ours && let Some(_unheld) = lock_unheld(&entry.path()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_unfinished_name(name: &str) -> bool {
    name.strip_prefix(PREFIX).is_some_and(|random| {
        random.len() == RANDOM_CHARACTERS && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// The lock of a regular file that nobody holds. Links are not followed, and a pipe is not waited for.
fn lock_unheld(path: &Path) -> Option<File> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = openat(CWD, path, flags, Mode::empty()).ok()?;
    let is_file = FileType::from_raw_mode(fstat(&file).ok()?.st_mode) == FileType::RegularFile;
    let file = File::from(file);
    (is_file && file.try_lock().is_ok()).then_some(file)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::os::unix::fs::symlink;

    const ABANDONED: &str = ".vod-snapshot-unfinished-0aB1cD2eF3gH";

    fn names(folder: &Path) -> BTreeSet<String> {
        let entries = fs::read_dir(folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect()
    }

    #[test]
    fn what_a_killed_run_left_is_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let others = [
            // The right beginning, and not the name.
            ".vod-snapshot-unfinished-notes",
            ".vod-snapshot-unfinished-0aB1cD2eF3gH.jpg",
            ".vod-snapshot-unfinished-0aB1cD2eF3g_",
            "x.vod-snapshot-unfinished-0aB1cD2eF3gH",
            "snapshot-00001.jpg",
        ];
        for name in others.iter().chain([&ABANDONED]) {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let link = ".vod-snapshot-unfinished-LinkToAFile0";
        symlink(others[0], folder.path().join(link)).unwrap();
        let below = ".vod-snapshot-unfinished-AFolderOf12X";
        fs::create_dir(folder.path().join(below)).unwrap();
        sweep(folder.path());
        let mut left: BTreeSet<_> = others.iter().map(|name| (*name).to_owned()).collect();
        left.extend([link.to_owned(), below.to_owned()]);
        assert_eq!(names(folder.path()), left);
    }

    #[test]
    fn what_another_run_is_writing_is_not_removed() {
        let folder = tempfile::tempdir().unwrap();
        let Unfinished(held) = create_in(folder.path()).unwrap();
        sweep(folder.path());
        assert!(held.path().exists());
        // A kill leaves the file and ends the lock.
        let (lock, path) = held.into_parts();
        let path = path.keep().unwrap();
        drop(lock);
        sweep(folder.path());
        assert!(!path.exists());
    }

    #[test]
    fn a_folder_that_is_not_there_is_no_error() {
        sweep(Path::new("/nonexistent/folder"));
    }
}
