//! The cells of a sprite as files of their own, until all are there: a BIF file has them in order, and
//! its index before them.

use super::failure::Interrupted;
use artifacts::storyboard::bif;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::ops::Range;

/// A file without a name, and where the cell of each shot lies in it.
#[derive(Debug)]
pub(super) struct CellSpool {
    file: File,
    end: u64,
    cells: BTreeMap<usize, Range<u64>>,
}

impl CellSpool {
    pub(super) fn new() -> Result<Self, Interrupted> {
        Ok(Self {
            file: tempfile::tempfile().map_err(unusable)?,
            end: 0,
            cells: BTreeMap::new(),
        })
    }

    /// Keeps the cell of `shot`.
    pub(super) fn keep(&mut self, shot: usize, jpeg: &[u8]) -> Result<(), Interrupted> {
        self.file
            .seek(SeekFrom::Start(self.end))
            .map_err(unusable)?;
        self.file.write_all(jpeg).map_err(unusable)?;
        let begin = self.end;
        self.end += jpeg.len() as u64;
        self.cells.insert(shot, begin..self.end);
        Ok(())
    }

    /// The BIF file of all cells, one every `step_us`.
    pub(super) fn bif(mut self, step_us: u64) -> Result<Vec<u8>, Interrupted> {
        let sizes: Vec<u64> = self
            .cells
            .values()
            .map(|cell| cell.end - cell.start)
            .collect();
        let mut bytes = bif::index(step_us, &sizes)?;
        bytes.reserve_exact(usize::try_from(self.end).unwrap_or(0));
        for cell in self.cells.values() {
            self.file
                .seek(SeekFrom::Start(cell.start))
                .map_err(unusable)?;
            let cell = (&self.file)
                .take(cell.end - cell.start)
                .read_to_end(&mut bytes);
            cell.map_err(unusable)?;
        }
        Ok(bytes)
    }
}

/// A full disk, say: it may be there again in the next run.
fn unusable(cause: std::io::Error) -> Interrupted {
    Interrupted::Retry(format!("the folder for temporary files: {cause}"))
}
