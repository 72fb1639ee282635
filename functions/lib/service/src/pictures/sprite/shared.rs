//! Sheets of which other runs make cells, too.

use super::SpriteBuilder;
use crate::pictures::cell_strip::CellStrip;
use crate::pictures::failure::Interrupted;
use crate::pictures::file::{Emit, OutputFile, give, number};
use crate::pictures::keys::PictureKeys;
use crate::text::hex;
use artifacts::key;
use sha2::{Digest, Sha256};
use std::ops::Range;

/// Bytes of the hash that tells strips apart.
const NAME_BYTES: usize = 8;

impl SpriteBuilder {
    /// Only these shots are taken here, others elsewhere.
    pub(in crate::pictures) fn takes_only(&mut self, shots: Range<usize>) {
        self.part = Some(shots);
    }

    /// The cells given away so far of sheets that others have cells of, too.
    pub(in crate::pictures) fn strips(&self) -> &[CellStrip] {
        &self.strips
    }

    /// Whether cells of this sheet are made elsewhere.
    pub(super) fn is_shared(&self, sheet: usize) -> bool {
        let shots = self.shots(sheet);
        let is_all = |part: &Range<usize>| part.start <= shots.start && shots.end <= part.end;
        self.part.as_ref().is_some_and(|part| !is_all(part))
    }

    /// Gives the cells to `emit` that are made here of sheets that others have cells of, too.
    pub(in crate::pictures) fn keep_shared(
        &mut self,
        emit: &mut Emit<'_>,
    ) -> Result<(), Interrupted> {
        let open = self.open.keys().copied();
        let shared: Vec<_> = open.filter(|&sheet| self.is_shared(sheet)).collect();
        for index in shared {
            let Some((sheet, cells)) = self.open.remove(&index) else {
                continue;
            };
            let cells: Vec<u32> = cells.into_iter().collect();
            let bytes = sheet.encode_strip(&cells)?;
            let pattern = PictureKeys::from(&self.task).pattern(self.task.kind);
            // A run that was stopped for long must not write other cells over them.
            let name = hex(&Sha256::digest(&bytes)[..NAME_BYTES]);
            let key = key::strip(&pattern, number(index), &name);
            let file = OutputFile {
                key: key.clone(),
                content_type: "image/png",
                bytes,
                of: self.files,
            };
            give(emit, file)?;
            self.strips.push(CellStrip {
                key,
                sheet: number(index),
                shots: self.shots(index),
                cells,
                of: self.cells,
            });
        }
        Ok(())
    }
}
