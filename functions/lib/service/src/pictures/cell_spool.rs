//! The cells of a sprite as files of their own, until all are there: a BIF file has them in order, and
//! its index before them.

use super::failure::Interrupted;
use artifacts::storyboard::bif;
use contract::error::ErrorCode;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::ops::{Bound, Range, RangeBounds};

/// All cells together. They are held in memory once, to be stored.
const MOST_BYTES: u64 = 200 << 20;

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
        let begin = self.end;
        let end = begin + jpeg.len() as u64;
        if end > MOST_BYTES {
            let rule = "The pictures of the BIF file would have more than 200 MB.";
            return Err(Interrupted::failed(ErrorCode::OutputBytes, rule));
        }
        self.file.seek(SeekFrom::Start(begin)).map_err(unusable)?;
        self.file.write_all(jpeg).map_err(unusable)?;
        self.end = end;
        self.cells.insert(shot, begin..end);
        Ok(())
    }

    /// Keeps the cells that [`bif`](Self::bif) gave of so many shots from `first` on; false where
    /// `file` does not have them.
    pub(super) fn keep_again(
        &mut self,
        (first, count): (usize, u32),
        file: &[u8],
    ) -> Result<bool, Interrupted> {
        let cells = bif::pictures(file).filter(|cells| cells.len() == count as usize);
        for (nth, cell) in cells.iter().flatten().enumerate() {
            self.keep(first + nth, cell)?;
        }
        Ok(cells.is_some())
    }

    /// The BIF file of the cells of `shots`, one every `step_us`.
    pub(super) fn bif(
        &mut self,
        shots: impl RangeBounds<usize>,
        step_us: u64,
    ) -> Result<Vec<u8>, Interrupted> {
        let shots = (shots.start_bound().cloned(), shots.end_bound().cloned());
        let cells = || self.cells.range::<usize, (Bound<_>, Bound<_>)>(shots);
        let sizes: Vec<u64> = cells().map(|(_, cell)| cell.end - cell.start).collect();
        let mut bytes = bif::index(step_us, &sizes)?;
        let all = sizes.iter().sum::<u64>();
        bytes.reserve_exact(usize::try_from(all).unwrap_or(0));
        let mut file = &self.file;
        for (_, cell) in cells() {
            file.seek(SeekFrom::Start(cell.start)).map_err(unusable)?;
            let cell = file.take(cell.end - cell.start).read_to_end(&mut bytes);
            cell.map_err(unusable)?;
        }
        Ok(bytes)
    }
}

/// A full disk, say: it may be there again in the next run.
fn unusable(cause: std::io::Error) -> Interrupted {
    Interrupted::Retry(format!("the folder for temporary files: {cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_were_kept_give_the_same_file_again() {
        let mut whole = CellSpool::new().unwrap();
        for (shot, cell) in [(1, "two"), (0, "one"), (2, "three")] {
            whole.keep(shot, cell.as_bytes()).unwrap();
        }
        let sheets = [(0..2, 2), (2..4, 1)].map(|(shots, count)| {
            let first = shots.start;
            ((first, count), whole.bif(shots, 5_000_000).unwrap())
        });
        let mut again = CellSpool::new().unwrap();
        for (shots, file) in &sheets {
            assert!(again.keep_again(*shots, file).unwrap());
            assert!(!again.keep_again(*shots, &file[1..]).unwrap());
        }
        let more = (0, 3);
        assert!(!again.keep_again(more, &sheets[0].1).unwrap());
        let (expected, file) = (whole.bif(.., 5_000_000), again.bif(.., 5_000_000));
        assert_eq!(file.unwrap(), expected.unwrap());
    }
}
