//! Where samples are.

use crate::IndexError;
use crate::mp4::boxes::{optional, required};
use crate::mp4::fields::rows;

/// `stsc` with `stco` or `co64`: where each chunk is and how many samples it has.
pub(super) struct ChunkTable<'a> {
    runs: &'a [[u8; 12]],
    offsets: ChunkOffsets<'a>,
    number: u32,
    run: usize,
}

/// Samples that follow each other.
pub(super) struct Chunk {
    /// Bytes.
    pub(super) offset: u64,
    pub(super) samples: u32,
    /// The sample description of all of them, counted from 1.
    pub(super) description: u32,
}

pub(super) enum ChunkOffsets<'a> {
    Short(&'a [[u8; 4]]),
    Long(&'a [[u8; 8]]),
}

impl<'a> ChunkTable<'a> {
    pub(super) fn of(stbl: &'a [u8]) -> Result<Self, IndexError> {
        let offsets = match (optional(stbl, b"stco")?, optional(stbl, b"co64")?) {
            (Some(body), None) => ChunkOffsets::Short(rows(body)?),
            (None, Some(body)) => ChunkOffsets::Long(rows(body)?),
            _ => return Err(IndexError::Unsupported("it has not one table of chunks")),
        };
        let runs: &[[u8; 12]] = rows(required(stbl, b"stsc")?)?;
        let first = |row: &[u8; 12]| u32::from_be_bytes([row[0], row[1], row[2], row[3]]);
        let starts = runs.first().is_none_or(|row| first(row) == 1);
        if !starts || !runs.is_sorted_by(|one, other| first(one) < first(other)) {
            return Err(IndexError::Unsupported("its chunks are not in order"));
        }
        Ok(Self {
            runs,
            offsets,
            number: 0,
            run: 0,
        })
    }

    fn row(&self, run: usize) -> Option<(u32, u32, u32)> {
        let (row, _) = self.runs.get(run)?.as_chunks::<4>();
        let [first, count, description] = row else {
            return None;
        };
        let number = |bytes: &[u8; 4]| u32::from_be_bytes(*bytes);
        Some((number(first), number(count), number(description)))
    }
}

impl Iterator for ChunkTable<'_> {
    type Item = Result<Chunk, IndexError>;

    fn next(&mut self) -> Option<Self::Item> {
        let at = usize::try_from(self.number).ok()?;
        let offset = match self.offsets {
            ChunkOffsets::Short(table) => u64::from(u32::from_be_bytes(*table.get(at)?)),
            ChunkOffsets::Long(table) => u64::from_be_bytes(*table.get(at)?),
        };
        self.number += 1;
        if self
            .row(self.run + 1)
            .is_some_and(|(first, ..)| first == self.number)
        {
            self.run += 1;
        }
        Some(match self.row(self.run) {
            Some((_, samples @ 1.., description)) => Ok(Chunk {
                offset,
                samples,
                description,
            }),
            _ => Err(IndexError::Unsupported("a chunk has no samples")),
        })
    }
}
