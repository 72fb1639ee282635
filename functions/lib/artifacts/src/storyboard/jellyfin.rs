//! The folder in which Jellyfin (10.10 and later) looks for trickplay pictures beside a video, and imports
//! those that it finds: `TrickplayManager` of its source. Its sheets have no other description
//! than their folder's name; the step is a setting of the server.

/// The path of the sheet of this index, from 0, beside the video file `<stem>.mp4`. A sheet has so many
/// columns and lines of cells of `width` px.
#[must_use]
pub fn path(stem: &str, width: u32, (columns, lines): (u32, u32), index: usize) -> String {
    format!("{stem}.trickplay/{width} - {columns}x{lines}/{index}.jpg")
}
