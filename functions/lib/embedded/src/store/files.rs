//! The files of a store that have to be there.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What has to be there.
#[derive(Debug)]
pub(crate) struct StoreFiles {
    pub(crate) database: PathBuf,
    /// Which file the database was when it was opened. One that was removed goes on answering, and
    /// is lost at the end of the process.
    pub(crate) database_file: (u64, u64),
    pub(crate) objects: PathBuf,
    pub(crate) temporary: PathBuf,
}

/// Which file this is: its file system and its number there.
pub(crate) fn file_identity(path: &Path) -> io::Result<(u64, u64)> {
    let metadata = std::fs::metadata(path)?;
    Ok((metadata.dev(), metadata.ino()))
}
