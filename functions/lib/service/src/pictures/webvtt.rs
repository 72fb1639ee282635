//! The WebVTT file of a job, and what its cues name.

use super::file::OutputFile;
use super::request::SnapshotTask;
use artifacts::manifest::PictureEntry;
use artifacts::webvtt::{Cue, Region};
use plan::Grid;

/// The file over `pictures`, each on its own or, with a grid, in its cell of a sheet.
pub(super) fn file(
    task: &SnapshotTask,
    pictures: &[PictureEntry],
    grid: Option<&Grid>,
    end_ms: u64,
    of: usize,
) -> OutputFile {
    let cues: Vec<Cue> = pictures
        .iter()
        .map(|entry| cue(task, entry, grid))
        .collect();
    OutputFile {
        key: artifacts::key::web_vtt(&task.video_id, &task.job_id),
        content_type: "text/vtt",
        bytes: artifacts::webvtt::write(&cues, end_ms).into_bytes(),
        of,
    }
}

fn cue(task: &SnapshotTask, entry: &PictureEntry, grid: Option<&Grid>) -> Cue {
    let number = entry.sheet.unwrap_or(entry.index);
    let key = artifacts::key::web_vtt_picture(&task.video_id, &task.job_id, number);
    let name = key.rsplit('/').next().unwrap_or_default();
    Cue {
        presentation_us: entry.presentation_us,
        file: name.to_owned(),
        region: region(entry, grid),
    }
}

fn region(entry: &PictureEntry, grid: Option<&Grid>) -> Region {
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
