//! The WebVTT file of a job, and what its cues name.

use super::file::OutputFile;
use super::keys::PictureKeys;
use super::request::SnapshotTask;
use crate::model::SnapshotType;
use artifacts::key;
use artifacts::manifest::PictureEntry;
use artifacts::webvtt::{Cue, Region};
use plan::Grid;

/// The file over `pictures`, which are cells where there is a grid.
pub(super) fn file(
    task: &SnapshotTask,
    pictures: &[PictureEntry],
    grid: Option<Grid>,
    end_ms: u64,
    of: usize,
) -> OutputFile {
    let cues: Vec<Cue> = pictures
        .iter()
        .map(|entry| cue(task, entry, grid))
        .collect();
    OutputFile {
        key: key::web_vtt(&task.video_id, &task.job_id),
        content_type: "text/vtt",
        bytes: artifacts::webvtt::write(&cues, end_ms).into_bytes(),
        of,
    }
}

fn cue(task: &SnapshotTask, entry: &PictureEntry, grid: Option<Grid>) -> Cue {
    let number = entry.sheet.unwrap_or(entry.index);
    let key = PictureKeys::from(task).key(SnapshotType::WebVttSnapshot, number);
    Cue {
        presentation_us: entry.presentation_us,
        file: key::file_name(&key).to_owned(),
        region: region(entry, grid),
    }
}

/// The part of its file that shows a picture: its cell, where there are sheets.
pub(super) fn region(entry: &PictureEntry, grid: Option<Grid>) -> Region {
    let ((x, y), (width, height)) = match grid.zip(entry.cell) {
        Some((grid, cell)) => {
            let size = grid.cell();
            (grid.origin(cell), (size.width, size.height))
        }
        None => ((0, 0), (entry.width, entry.height)),
    };
    Region {
        x,
        y,
        width,
        height,
    }
}
