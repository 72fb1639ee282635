//! What a manifest says of the video and of who read it.

use super::engine::Engine;
use super::repaired::repaired;
use super::request::SnapshotTask;
use artifacts::Manifest;
use media::Video;

/// The manifest of a task on an open video that has made nothing yet.
pub(super) fn empty_manifest(engine: &Engine, task: &SnapshotTask, video: &Video) -> Manifest {
    let display = video.display();
    Manifest {
        job_id: task.job_id.to_string(),
        video_id: task.video_id.to_string(),
        snapshot_type: task.kind.name().to_owned(),
        status: "Success".to_owned(),
        creation_time: contract::time::utc_time(task.created_ms),
        path: video.path_taken(),
        path_reason: video.why_not_cut().map(str::to_owned),
        ffmpeg: engine.ffmpeg.version.to_string(),
        duration_ms: video.timeline().duration_ms(),
        width: display.width,
        height: display.height,
        codec: video.codec().to_owned(),
        colour_reason: video.why_colours_differ().map(str::to_owned),
        one_run_reason: None,
        pictures: Vec::new(),
        sheets: Vec::new(),
        grid: None,
        web_vtt: None,
        storyboards: Vec::new(),
        candidates: Vec::new(),
        animation: None,
        missing: Vec::new(),
        repaired: repaired(video.timeline()),
        usage: None,
    }
}
