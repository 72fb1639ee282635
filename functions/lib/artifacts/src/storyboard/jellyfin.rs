//! The folder in which Jellyfin (10.10 and later) looks for trickplay pictures beside a video, and imports
//! those that it finds: `TrickplayManager` of its source. Its sheets have no other description
//! than their folder's name; the step is a setting of the server.

use plan::Grid;

/// The path of the sheet of this index, from 0, beside the video file `<stem>.mp4`.
#[must_use]
pub fn path(stem: &str, grid: &Grid, index: usize) -> String {
    let (columns, lines) = grid.layout();
    let width = grid.cell().width;
    format!("{stem}.trickplay/{width} - {columns}x{lines}/{index}.jpg")
}
