//! Sheets of cells at even steps, told in the forms that players read: [`hls`], [`dash`], [`mux`],
//! [`bif`] and [`jellyfin`]. What they have in common is here.
//!
//! Players find the cell of a time by division, so no cell may be left out, and none may have
//! space around it.
//!
//! ```
//! use artifacts::storyboard::{SheetNames, Storyboard, hls};
//! use plan::{Grid, Size};
//!
//! let cell = Size { width: 160, height: 90 };
//! let storyboard = Storyboard {
//!     grid: Grid::new(cell, (5, 4), 0, 0)?,
//!     step_us: 2_000_000,
//!     cells: 30,
//!     sheet_bytes: vec![40_000, 20_000],
//!     names: SheetNames { stem: "snapshot".to_owned(), extension: "jpg" },
//! };
//! let playlist = hls::media_playlist(&storyboard);
//! assert!(playlist.contains("#EXT-X-TILES:RESOLUTION=160x90,LAYOUT=5x4,DURATION=2.000\n"));
//! # Ok::<(), plan::sheet::SheetTooLarge>(())
//! ```

pub mod bif;
pub mod dash;
pub mod hls;
pub mod jellyfin;
pub mod links;
pub mod mux;

use plan::Grid;

const US_PER_S: u64 = 1_000_000;

/// Sheets whose cells follow one another at even steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Storyboard {
    /// Where cells lie on every sheet; without padding and margin.
    pub grid: Grid,
    /// From the time of one cell to that of the next, microseconds; never 0.
    pub step_us: u64,
    /// How many cells there are, on all sheets.
    pub cells: u32,
    /// The size of each sheet's file, in order.
    pub sheet_bytes: Vec<u64>,
    /// What those files are called.
    pub names: SheetNames,
}

/// What the files of sheets are called, relative to the file that names them:
/// `snapshot-00001.jpg`, with a number from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetNames {
    /// Before `-` and the number; letters and digits.
    pub stem: String,
    /// After the dot: `jpg` or `png`.
    pub extension: &'static str,
}

impl SheetNames {
    fn of(&self, index: usize) -> String {
        format!("{}-{:05}.{}", self.stem, index + 1, self.extension)
    }
}

impl Storyboard {
    /// How many cells lie on the sheet of this index, from 0.
    fn cells_on(&self, sheet: usize) -> u64 {
        let capacity = self.grid.capacity();
        let before = capacity.saturating_mul(sheet as u64);
        u64::from(self.cells).saturating_sub(before).min(capacity)
    }

    /// How long the cells of the sheet of this index are shown, microseconds.
    fn shown_us(&self, sheet: usize) -> u64 {
        self.step_us.saturating_mul(self.cells_on(sheet))
    }

    /// How long those of a full sheet are, microseconds.
    fn full_sheet_us(&self) -> u64 {
        self.step_us.saturating_mul(self.grid.capacity())
    }

    /// How long all cells are, microseconds.
    fn duration_us(&self) -> u64 {
        self.step_us.saturating_mul(u64::from(self.cells))
    }

    /// The most bits that a second takes, as a player loads it: a sheet at a time.
    fn bits_per_second(&self) -> u64 {
        let rate = |(index, &bytes): (usize, &u64)| {
            let shown_us = self.shown_us(index).max(1);
            (u128::from(bytes) * 8 * u128::from(US_PER_S)).div_ceil(u128::from(shown_us))
        };
        let most = self.sheet_bytes.iter().enumerate().map(rate).max();
        u64::try_from(most.unwrap_or(0)).unwrap_or(u64::MAX).max(1)
    }
}

/// Seconds with three decimals, or up to six where it takes them.
fn seconds(us: u64) -> String {
    let text = format!("{}.{:06}", us / US_PER_S, us % US_PER_S);
    let (milliseconds, rest) = text.split_at(text.len() - 3);
    format!("{milliseconds}{}", rest.trim_end_matches('0'))
}

#[cfg(test)]
mod tests;
