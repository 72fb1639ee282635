//! The data folder and the lock that says who owns it.

mod ownership;

use crate::error::StoreError;
use rustix::fs::{FileType, Mode, OFlags};
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Secrets and customers' pictures lie here: nobody else on the machine reads them.
const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

/// What the names of files being written begin with: tempfile's own, as the last release had it.
pub(crate) const TEMPORARY_PREFIX: &str = ".tmp";

/// All files of a data folder; those of SQLite have names of its own beside the database's.
const FILES: &[&str] = &[
    "lock",
    "vod-snapshot.db",
    "vod-snapshot.db-wal",
    "vod-snapshot.db-shm",
    "vod-snapshot.db-journal",
];
const FOLDERS: &[&str] = &["objects", "uploads", "tmp"];

/// A data folder that this process owns until this is dropped.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// The lock goes with the open file, so it ends with the process however that ends.
    _lock: File,
}

/// Where the database of a data folder lies.
pub(crate) fn database_path(data_dir: &Path) -> PathBuf {
    data_dir.join("vod-snapshot.db")
}

impl Folder {
    /// Makes the folder if it is not there and takes the lock.
    pub(crate) fn own(path: &Path) -> Result<Self, StoreError> {
        ownership::refuse_foreign_link(path)?;
        make_folder(path)?;
        let path = path.canonicalize().map_err(StoreError::folder(path))?;
        secure(&path)?;
        let lock = lock(&path)?;
        let folder = Self { path, _lock: lock };
        make_folder(&folder.objects())?;
        make_folder(&folder.uploads())?;
        folder.clear_temporary()?;
        let database = folder.database();
        // SQLite gives its other files the mode of this one.
        create_file(&database).map_err(StoreError::folder(&database))?;
        sync_folder(&folder.path).map_err(StoreError::folder(&folder.path))?;
        Ok(folder)
    }

    /// Without symlinks.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn database(&self) -> PathBuf {
        database_path(&self.path)
    }

    pub(crate) fn objects(&self) -> PathBuf {
        self.path.join("objects")
    }

    pub(crate) fn uploads(&self) -> PathBuf {
        self.path.join("uploads")
    }

    pub(crate) fn temporary(&self) -> PathBuf {
        self.path.join("tmp")
    }

    /// Removes what a killed process left half written. Whatever else lies there is not ours: the
    /// folder may have been somebody's before it was named to us.
    fn clear_temporary(&self) -> Result<(), StoreError> {
        let path = self.temporary();
        make_folder(&path)?;
        let clear = || {
            for entry in fs::read_dir(&path)? {
                let entry = entry?;
                let name = entry.file_name();
                let is_ours = name
                    .as_encoded_bytes()
                    .starts_with(TEMPORARY_PREFIX.as_bytes());
                if is_ours && entry.file_type()?.is_file() {
                    fs::remove_file(entry.path())?;
                }
            }
            Ok(())
        };
        clear().map_err(StoreError::folder(&path))
    }
}

/// Before anything in it is opened.
fn secure(path: &Path) -> Result<(), StoreError> {
    let folder = ownership::open(path)?;
    let mode = Mode::from_raw_mode(FILE_MODE);
    for name in FILES {
        ownership::secure(&folder, path, name, FileType::RegularFile, mode)?;
    }
    let mode = Mode::from_raw_mode(FOLDER_MODE);
    for name in FOLDERS {
        ownership::secure(&folder, path, name, FileType::Directory, mode)?;
    }
    Ok(())
}

fn make_folder(path: &Path) -> Result<(), StoreError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true).mode(FOLDER_MODE);
    builder.create(path).map_err(StoreError::folder(path))
}

fn create_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(FILE_MODE)
        .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
        .open(path)
}

fn lock(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join("lock");
    let file = create_file(&path).map_err(StoreError::folder(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse {
            path: folder.to_owned(),
        }),
        Err(TryLockError::Error(cause)) => Err(StoreError::Folder { path, cause }),
    }
}

/// Makes new names in a folder outlive a loss of power.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}
