//! Whether what lies in a data folder is ours alone.
//!
//! Somebody who may write the folder, or who made it, can put symlinks and hard links in the
//! place of our files: the server would write secrets and pictures wherever they lead. Once the
//! folder is ours and nobody else may write it, nobody can change what was found in it here.

use crate::error::StoreError;
use crate::foreign::ForeignEntry;
use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat};
use rustix::io::Errno;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Refuses a name that somebody else made a symlink: it was them who chose the folder. Our own
/// and root's are taken, as an operator may have put the data on another disk.
pub(super) fn refuse_foreign_link(path: &Path) -> Result<(), StoreError> {
    let us = rustix::process::geteuid().as_raw();
    // With a slash at its end a symlink would be followed.
    match std::fs::symlink_metadata(path.components().as_path()) {
        Ok(found) if found.is_symlink() && ![0, us].contains(&found.uid()) => {
            let owner = found.uid();
            Err(StoreError::foreign(path)(ForeignEntry::Owner { owner, us }))
        }
        _ => Ok(()),
    }
}

/// The folder `path`, opened; an error if others can change what is in it.
pub(super) fn open(path: &Path) -> Result<OwnedFd, StoreError> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let folder = rustix::fs::open(path, flags, Mode::empty())
        .map_err(|cause| StoreError::folder(path)(cause.into()))?;
    let found =
        rustix::fs::fstat(&folder).map_err(|cause| StoreError::folder(path)(cause.into()))?;
    refuse_foreign(&found, FileType::Directory).map_err(StoreError::foreign(path))?;
    Ok(folder)
}

/// Checks what is called `name` in `folder`, if it is there, and closes it to others.
///
/// The last release left some of it open to readers: that is mended, not refused.
pub(super) fn secure(
    folder: impl AsFd,
    path: &Path,
    name: &str,
    kind: FileType,
    mode: Mode,
) -> Result<(), StoreError> {
    let path = path.join(name);
    let found = match rustix::fs::statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Err(Errno::NOENT) => return Ok(()),
        found => found.map_err(|cause| StoreError::folder(&path)(cause.into()))?,
    };
    refuse_foreign(&found, kind).map_err(StoreError::foreign(&path))?;
    if Mode::from_raw_mode(found.st_mode).intersects(!mode) {
        rustix::fs::chmodat(&folder, name, mode, AtFlags::empty())
            .map_err(|cause| StoreError::folder(&path)(cause.into()))?;
    }
    Ok(())
}

fn refuse_foreign(found: &Stat, kind: FileType) -> Result<(), ForeignEntry> {
    let us = rustix::process::geteuid().as_raw();
    let mode = Mode::from_raw_mode(found.st_mode);
    let is_folder = kind == FileType::Directory;
    if FileType::from_raw_mode(found.st_mode) != kind {
        let expected = if is_folder { "folder" } else { "file" };
        return Err(ForeignEntry::Kind { expected });
    }
    if found.st_uid != us {
        let owner = found.st_uid;
        return Err(ForeignEntry::Owner { owner, us });
    }
    if mode.intersects(Mode::WGRP | Mode::WOTH) {
        let mode = mode.as_raw_mode();
        return Err(ForeignEntry::Writable { mode });
    }
    // A folder has a name in each of its folders as well.
    #[allow(clippy::useless_conversion, reason = "its width differs by system")]
    let names = u64::from(found.st_nlink);
    if !is_folder && names > 1 {
        return Err(ForeignEntry::Linked { names });
    }
    Ok(())
}
