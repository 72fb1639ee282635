//! The cells of sheets that earlier runs have given away, on their way from the store to the run that goes
//! on, which may be in another process.

use serde::{Deserialize, Serialize};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;

/// A folder with a file for each sheet. It goes with the last copy of this in the process that made it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeptCells {
    folder: PathBuf,
    #[serde(skip)]
    _owned: Option<Arc<TempDir>>,
}

impl KeptCells {
    /// Of no sheet yet.
    ///
    /// # Errors
    /// There can be no such folder.
    pub fn new() -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        Ok(Self {
            folder: folder.path().to_owned(),
            _owned: Some(Arc::new(folder)),
        })
    }

    /// Adds those of the sheet of this index, from 1.
    ///
    /// # Errors
    /// The file can't be written.
    pub fn write(&self, sheet: u32, cells: &[u8]) -> io::Result<()> {
        std::fs::write(self.path(sheet), cells)
    }

    /// Those of the sheet of this index; none where they are not there.
    pub(super) fn read(&self, sheet: u32) -> Option<Vec<u8>> {
        std::fs::read(self.path(sheet)).ok()
    }

    fn path(&self, sheet: u32) -> PathBuf {
        self.folder.join(sheet.to_string())
    }
}
