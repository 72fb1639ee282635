//! Cells of a sheet that lies in several parts of a job: each part keeps its own without loss, and whoever
//! finds that all are there makes the sheet.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::ops::Range;

/// Some cells of a sheet, kept as an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CellStrip {
    pub(crate) key: String,
    /// The sheet, from 1.
    pub(crate) sheet: u32,
    /// All shots of the sheet, by their numbers from 0.
    pub(crate) shots: Range<usize>,
    /// Those of its cells that are kept here, from 0, in their order.
    pub(crate) cells: Vec<u32>,
    /// Cells of all sheets of the job.
    pub(crate) of: usize,
}

impl CellStrip {
    /// The shots whose cells are kept here.
    pub(crate) fn kept(&self) -> impl Iterator<Item = usize> {
        let first = self.shots.start;
        self.cells.iter().map(move |&cell| first + cell as usize)
    }
}

/// The strips of one sheet, if all of its cells are among them.
pub(crate) fn whole_sheet<'a>(
    sheet: u32,
    strips: impl IntoIterator<Item = &'a CellStrip>,
) -> Option<Vec<&'a CellStrip>> {
    let of_it: Vec<_> = strips
        .into_iter()
        .filter(|strip| strip.sheet == sheet)
        .collect();
    let shots = of_it.first()?.shots.clone();
    let kept: BTreeSet<_> = of_it.iter().flat_map(|strip| strip.kept()).collect();
    shots.eq(kept).then_some(of_it)
}
