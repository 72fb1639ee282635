//! The way from the root of a folder to a key, one folder after the other and no symlink.

use super::key::ObjectKey;
use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags};
use rustix::io::Errno;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// The folders on the way, opened.
pub(super) struct FolderPath {
    root: OwnedFd,
    /// Each with its name in the one before.
    folders: Vec<(String, OwnedFd)>,
}

impl FolderPath {
    /// To the folder of `key`; none where there is no such folder.
    pub(super) fn to(root: OwnedFd, key: &ObjectKey) -> io::Result<Option<Self>> {
        Self::along(root, key.folder())
    }

    pub(super) fn along(root: OwnedFd, folder: &str) -> io::Result<Option<Self>> {
        let mut way = Self {
            root,
            folders: Vec::new(),
        };
        for name in folder.split('/').filter(|name| !name.is_empty()) {
            let Some(folder) = if_there(open_folder_at(way.last(), name))? else {
                return Ok(None);
            };
            way.folders.push((name.to_owned(), folder));
        }
        Ok(Some(way))
    }

    /// The folder at its end.
    pub(super) fn last(&self) -> BorrowedFd<'_> {
        match self.folders.last() {
            Some((_, folder)) => folder.as_fd(),
            None => self.root.as_fd(),
        }
    }

    /// Makes what was removed at its end outlive a loss of power, and removes the folders that
    /// are empty now.
    pub(super) fn sync_and_prune(mut self) -> io::Result<()> {
        while let Some((name, folder)) = self.folders.pop() {
            match rustix::fs::unlinkat(self.last(), &name, AtFlags::REMOVEDIR) {
                Ok(()) => {}
                // Not empty, or somebody else was faster.
                Err(_) => return Ok(rustix::fs::fsync(folder)?),
            }
        }
        Ok(rustix::fs::fsync(self.root)?)
    }
}

/// The folder `name` in `at`, unless it is a symlink.
pub(super) fn open_folder(at: impl AsFd, name: impl rustix::path::Arg) -> io::Result<OwnedFd> {
    match open_folder_at(at, name) {
        // What the kernel says of a symlink where a folder has to be.
        Err(Errno::LOOP) => Err(Errno::NOTDIR.into()),
        opened => Ok(opened?),
    }
}

fn open_folder_at(at: impl AsFd, name: impl rustix::path::Arg) -> rustix::io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    rustix::fs::openat(at, name, flags, Mode::empty())
}

/// None where there is nothing, or something that leads elsewhere.
pub(super) fn if_there<T>(result: rustix::io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => Ok(None),
        Err(cause) => Err(cause.into()),
    }
}

/// Gives the path of every file below `folder`, which is called `path`, that begins with `prefix`.
pub(super) fn walk(
    folder: BorrowedFd<'_>,
    path: &str,
    prefix: &str,
    found: &mut impl FnMut(String),
) -> io::Result<()> {
    for entry in Dir::read_from(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().to_str() else {
            continue;
        };
        let below = match path {
            _ if name == "." || name == ".." => continue,
            "" => name.to_owned(),
            path => format!("{path}/{name}"),
        };
        if !below.starts_with(prefix) {
            continue;
        }
        match kind(folder, name, entry.file_type())? {
            Some(FileType::RegularFile) => found(below),
            Some(FileType::Directory) => {
                if let Some(folder) = if_there(open_folder_at(folder, name))? {
                    walk(folder.as_fd(), &below, prefix, found)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The names of the folders in `folder`, of those that may be part of a key.
pub(super) fn folders(folder: BorrowedFd<'_>) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in Dir::read_from(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().to_str() else {
            continue;
        };
        let is_folder = kind(folder, name, entry.file_type())? == Some(FileType::Directory);
        if is_folder && ObjectKey::parse(name).is_ok() {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

/// Some file systems do not say in the folder what an entry is.
fn kind(folder: BorrowedFd<'_>, name: &str, said: FileType) -> io::Result<Option<FileType>> {
    if said != FileType::Unknown {
        return Ok(Some(said));
    }
    let found = if_there(rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW))?;
    Ok(found.map(|found| FileType::from_raw_mode(found.st_mode)))
}
