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
    let region = grid.zip(entry.cell).map(|(grid, cell)| {
        let (x, y) = grid.origin(cell);
        let size = grid.cell();
        Region {
            x,
            y,
            width: size.width,
            height: size.height,
        }
    });
    Cue {
        presentation_us: entry.presentation_us,
        file: name.to_owned(),
        region,
    }
}
