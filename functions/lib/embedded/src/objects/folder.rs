//! Files under keys, written whole or not at all.

use super::key::Key;
use crate::folder::sync_folder;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;
use tempfile::NamedTempFile;

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
    fn of(metadata: &fs::Metadata) -> Self {
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
    /// Canonical.
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
    pub(crate) fn write(&self, key: &Key, body: &[u8]) -> io::Result<()> {
        let mut file = NamedTempFile::new_in(&self.temporary)?;
        file.write_all(body)?;
        file.as_file().sync_all()?;
        let folder = self.make_folders(key)?;
        file.persist(self.root.join(key.as_path()))?;
        sync_folder(&folder)
    }

    /// Nothing where there is no file of our own at just this path.
    pub(crate) fn open(&self, key: &Key) -> io::Result<Option<OpenObject>> {
        let path = self.root.join(key.as_path());
        if !leads_nowhere_else(&path)? {
            return Ok(None);
        }
        let Some(file) = if_there(File::open(&path))? else {
            return Ok(None);
        };
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

    pub(crate) fn remove(&self, key: &Key) -> io::Result<()> {
        let path = self.root.join(key.as_path());
        if !leads_nowhere_else(&path)? || path.is_dir() {
            return Ok(());
        }
        if if_there(fs::remove_file(&path))?.is_some()
            && let Some(folder) = path.parent()
        {
            sync_folder(folder)?;
        }
        Ok(())
    }

    /// The folder of `key`, made one by one so that no symlink is followed.
    fn make_folders(&self, key: &Key) -> io::Result<PathBuf> {
        let _making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let mut folder = self.root.clone();
        for segment in key.folders() {
            let parent = folder.clone();
            folder.push(segment);
            match fs::symlink_metadata(&folder) {
                Ok(found) if found.is_dir() => {}
                Ok(_) => return Err(ErrorKind::NotADirectory.into()),
                Err(cause) if cause.kind() == ErrorKind::NotFound => {
                    fs::create_dir(&folder)?;
                    sync_folder(&parent)?;
                }
                Err(cause) => return Err(cause),
            }
        }
        Ok(folder)
    }
}

/// Whether no part of `path` is a symlink. The root of the folder is canonical, so what is left
/// is what somebody put into the folder.
fn leads_nowhere_else(path: &Path) -> io::Result<bool> {
    Ok(if_there(path.canonicalize())?.is_some_and(|real| real == path))
}

fn if_there<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(cause) if matches!(cause.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(cause) => Err(cause),
    }
}
