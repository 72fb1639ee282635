//! JSON in the shape of Mux's storyboards, which Vidstack and Mux Player read too: one file for each
//! sheet, since it names one picture.

use plan::Grid;
use serde::Serialize;

/// A cell and when it is the one to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimedCell {
    /// When the frame it shows is presented, microseconds after the first frame.
    pub start_us: u64,
    /// From 0 in row order.
    pub cell: u32,
}

#[derive(Serialize)]
struct Sheet<'a> {
    url: &'a str,
    tile_width: u32,
    tile_height: u32,
    /// s, of the whole video.
    duration: f64,
    tiles: Vec<Tile>,
}

#[derive(Serialize)]
struct Tile {
    /// s
    start: f64,
    /// px
    x: u32,
    /// px
    y: u32,
}

/// The file of the sheet `url`, relative to the file, of a video that lasts `duration_ms`.
#[must_use]
pub fn sheet(url: &str, grid: &Grid, cells: &[TimedCell], duration_ms: u64) -> String {
    let size = grid.cell();
    let tile = |timed: &TimedCell| {
        let (x, y) = grid.origin(timed.cell);
        let start = timed.start_us as f64 / 1e6;
        Tile { start, x, y }
    };
    let sheet = Sheet {
        url,
        tile_width: size.width,
        tile_height: size.height,
        duration: duration_ms as f64 / 1e3,
        tiles: cells.iter().map(tile).collect(),
    };
    // Strings, integers and finite floats under string keys: nothing of this can fail.
    let mut text = serde_json::to_string(&sheet).unwrap_or_default();
    text.push('\n');
    text
}
