//! Whether the folder can be worked with now.

use super::Store;
use super::files::file_identity;
use crate::database::SqlResult;
use rusqlite::Connection;
use service::ports::PortResult;
use std::io::{self, ErrorKind, Write};

const PORT: &str = "readiness";

/// A folder with less room than this can take no picture.
const LEAST_FREE_BYTES: u64 = 1 << 20;

impl Store {
    /// Whether files can be written into the folder. Blocks.
    ///
    /// # Errors
    /// They can't; the folder is away, full or read-only.
    pub fn check_disk(&self) -> io::Result<()> {
        let files = &self.files;
        if !std::fs::metadata(&files.objects)?.is_dir() {
            return Err(ErrorKind::NotADirectory.into());
        }
        let mut file = tempfile::Builder::new()
            .prefix(crate::folder::TEMPORARY_PREFIX)
            .tempfile_in(&files.temporary)?;
        file.write_all(b"1")?;
        let system = rustix::fs::statvfs(&files.temporary)?;
        let free = system.f_bavail.saturating_mul(system.f_frsize);
        match free < LEAST_FREE_BYTES {
            true => Err(ErrorKind::StorageFull.into()),
            false => Ok(()),
        }
    }

    /// Whether the database is the one that was opened. Blocks.
    ///
    /// # Errors
    /// Its file is away, or is another one.
    pub fn check_database_file(&self) -> io::Result<()> {
        match file_identity(&self.files.database)? == self.files.database_file {
            true => Ok(()),
            false => Err(io::Error::other("the database was replaced")),
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn check_database(&self) -> PortResult<()> {
        let look = |sql: &Connection| -> SqlResult<()> {
            let mut select = sql.prepare_cached("SELECT count(*) FROM secrets")?;
            Ok(select.query_row([], |_| Ok(()))?)
        };
        self.database.read(PORT, look).await
    }
}
