//! Files under keys, written whole or not at all.
//!
//! Every way begins at the root and takes one name after the other, none of them a symlink:
//! whatever somebody puts into the folder, nothing outside of it is read or written.

use super::key::ObjectKey;
use super::way::{self, FolderPath};
use crate::folder::TEMPORARY_PREFIX;
use rustix::fs::{AtFlags, CWD, Mode, OFlags};
use rustix::io::Errno;
use service::ports::KeyPage;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;
use tempfile::Builder;

/// Keys of one page of a list.
const PAGE: usize = 10_000;
/// How often a folder may be removed while a file is about to be put into it.
const TRIES: u32 = 16;

/// An object that is being read. It stays whole even if it is replaced meanwhile.
#[derive(Debug)]
pub struct OpenObject {
    /// At its start.
    pub file: File,
    /// Bytes.
    pub len: u64,
    /// By the ending of its key.
    pub content_type: &'static str,
    /// When it was written.
    pub modified: SystemTime,
    /// Which file this is. An object is replaced by another file and never changed, so that
    /// bytes of one version are the same bytes.
    pub version: FileVersion,
}

/// Tells a file from all that were, or will be, under its key. The inode is part of it because
/// the clock of a file system stands still for milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FileVersion {
    /// Bytes.
    pub len: u64,
    /// Since 1970, ns.
    pub modified_ns: i128,
    /// Of its file system.
    pub inode: u64,
}

impl FileVersion {
    pub(crate) fn of(metadata: &std::fs::Metadata) -> Self {
        let seconds = i128::from(metadata.mtime());
        Self {
            len: metadata.len(),
            modified_ns: seconds * 1_000_000_000 + i128::from(metadata.mtime_nsec()),
            inode: metadata.ino(),
        }
    }
}

/// A folder of objects.
#[derive(Debug)]
pub(crate) struct ObjectFolder {
    /// Canonical. Opened anew each time: a disk may be mounted there, or come back.
    root: PathBuf,
    /// On the same file system; emptied when a server starts.
    temporary: PathBuf,
    /// Held while folders are made, so that nobody builds on one that is not on the disk yet.
    making: Mutex<()>,
}

impl ObjectFolder {
    /// `root` and `temporary` are there.
    pub(crate) fn new(root: &Path, temporary: PathBuf) -> io::Result<Self> {
        Ok(Self {
            root: root.canonicalize()?,
            temporary,
            making: Mutex::default(),
        })
    }

    /// On the disk, name and all, when this returns.
    pub(crate) fn write(&self, key: &ObjectKey, body: &[u8]) -> io::Result<()> {
        let mut file = Builder::new()
            .prefix(TEMPORARY_PREFIX)
            .tempfile_in(&self.temporary)?;
        file.write_all(body)?;
        file.as_file().sync_all()?;
        let written = file.into_temp_path();
        let mut tries = 0;
        let folder = loop {
            match self.place(key, &written) {
                // Whoever removed the last object of the folder removed the folder as well.
                Err(cause) if cause.kind() == ErrorKind::NotFound && tries < TRIES => tries += 1,
                placed => break placed?,
            }
        };
        // It has another name now; there is nothing left to remove.
        let _ = written.keep();
        Ok(rustix::fs::fsync(folder)?)
    }

    /// Gives the file its name; the folder it lies in then.
    fn place(&self, key: &ObjectKey, file: &Path) -> io::Result<OwnedFd> {
        let folder = self.make_folders(key)?;
        rustix::fs::renameat(CWD, file, &folder, key.name())?;
        Ok(folder)
    }

    /// Nothing where there is no file of our own at just this path.
    pub(crate) fn open(&self, key: &ObjectKey) -> io::Result<Option<OpenObject>> {
        let Some(way) = FolderPath::to(self.root()?, key)? else {
            return Ok(None);
        };
        // A pipe would keep us waiting for a writer.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let opened = rustix::fs::openat(way.last(), key.name(), flags, Mode::empty());
        let Some(file) = way::if_there(opened)? else {
            return Ok(None);
        };
        let file = File::from(file);
        let metadata = file.metadata()?;
        let object = OpenObject {
            file,
            len: metadata.len(),
            content_type: key.content_type(),
            modified: metadata.modified()?,
            version: FileVersion::of(&metadata),
        };
        Ok(metadata.is_file().then_some(object))
    }

    /// Removes the object, and the folders that have nothing else in them.
    pub(crate) fn remove(&self, key: &ObjectKey) -> io::Result<()> {
        self.remove_all(std::slice::from_ref(key))
    }

    /// The same for many; it is fast where those of one folder follow one another.
    pub(crate) fn remove_all(&self, keys: &[ObjectKey]) -> io::Result<()> {
        for together in keys.chunk_by(|one, other| one.folder() == other.folder()) {
            let Some(way) = FolderPath::to(self.root()?, &together[0])? else {
                continue;
            };
            let mut removed = false;
            for key in together {
                removed |= remove_file(&way, key.name())?;
            }
            if removed {
                way.sync_and_prune()?;
            }
        }
        Ok(())
    }

    /// The keys that begin with `prefix` and come after `after`, in order, as many as make a page.
    pub(crate) fn list(&self, prefix: &str, after: &str) -> io::Result<KeyPage> {
        let (mut keys, mut has_more) = (BTreeSet::new(), false);
        let folder = prefix.rsplit_once('/').map_or("", |(folder, _)| folder);
        let Some(way) = FolderPath::along(self.root()?, folder)? else {
            return Ok(KeyPage::default());
        };
        way::walk(way.last(), folder, prefix, &mut |key| {
            if key.as_str() > after {
                keys.insert(key);
            }
            if keys.len() > PAGE {
                keys.pop_last();
                has_more = true;
            }
        })?;
        let keys = keys.into_iter().collect();
        Ok(KeyPage { keys, has_more })
    }

    /// The names of the folders below the root, of those that may begin a key.
    pub(crate) fn top_folders(&self) -> io::Result<Vec<String>> {
        way::folders(self.root()?.as_fd())
    }

    /// Removes all whose keys begin with `prefix`.
    pub(crate) fn remove_below(&self, prefix: &str) -> io::Result<()> {
        let mut after = String::new();
        loop {
            let page = self.list(prefix, &after)?;
            let keys = page
                .keys
                .iter()
                .filter_map(|key| ObjectKey::parse(key).ok());
            self.remove_all(&keys.collect::<Vec<_>>())?;
            match page.keys.into_iter().next_back() {
                Some(last) if page.has_more => after = last,
                _ => return Ok(()),
            }
        }
    }

    fn root(&self) -> io::Result<OwnedFd> {
        way::open_folder(CWD, &self.root)
    }

    /// The folder of `key`, made one by one so that no symlink is followed.
    fn make_folders(&self, key: &ObjectKey) -> io::Result<OwnedFd> {
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let mut folder = self.root()?;
        for segment in key.folders() {
            folder = match way::open_folder(&folder, segment) {
                Err(cause) if cause.kind() == ErrorKind::NotFound => {
                    match rustix::fs::mkdirat(&folder, segment, Mode::RWXU) {
                        Err(Errno::EXIST) | Ok(()) => {}
                        Err(cause) => return Err(cause.into()),
                    }
                    rustix::fs::fsync(&folder)?;
                    way::open_folder(&folder, segment)?
                }
                opened => opened?,
            };
        }
        Ok(folder)
    }
}

/// Whether it was there. What is no file stays.
fn remove_file(way: &FolderPath, name: &str) -> io::Result<bool> {
    match rustix::fs::unlinkat(way.last(), name, AtFlags::empty()) {
        Ok(()) => Ok(true),
        Err(Errno::NOENT | Errno::ISDIR | Errno::PERM) => Ok(false),
        Err(cause) => Err(cause.into()),
    }
}
