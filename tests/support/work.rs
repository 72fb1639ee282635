//! A job as a worker runs it, without a server around it.
#![allow(clippy::unwrap_used)]

use artifacts::Quality;
use contract::snapshot::{FrameType, PointSpec, SnapshotSpec};
use media::{Ffmpeg, FileSource, Limits, MediaError, RangeSource};
use service::model::{Job, JobState, SnapshotType};
use service::pictures::{Engine, Order, Stop};
use std::path::Path;
use std::sync::Arc;

/// Pictures at these times, ms, as large as the video.
#[must_use]
pub fn at(times_ms: &[u64]) -> SnapshotSpec {
    SnapshotSpec {
        points: PointSpec::At {
            times_ms: times_ms.to_vec(),
        },
        width: None,
        height: None,
        frame_type: FrameType::Normal,
        sprite: None,
    }
}

/// What makes pictures within `limits`.
#[must_use]
pub fn engine(ffmpeg: &Ffmpeg, limits: Limits) -> Engine {
    Engine {
        ffmpeg: ffmpeg.clone(),
        limits,
        max_snapshots: 1000,
        quality: Quality::default(),
    }
}

/// The whole of a job on a file.
///
/// # Errors
/// The file can't be opened.
pub fn order(path: &Path, spec: SnapshotSpec) -> Result<Order, Stop> {
    let source = FileSource::open(path).map_err(MediaError::from)?;
    Ok(Order::whole(job(spec), Arc::new(source)))
}

/// The whole of a job on something.
#[must_use]
pub fn order_on(source: Arc<dyn RangeSource>, spec: SnapshotSpec) -> Order {
    Order::whole(job(spec), source)
}

fn job(spec: SnapshotSpec) -> Job {
    let kind = match spec.sprite {
        Some(_) => SnapshotType::SpriteSnapshot,
        None => SnapshotType::NormalSnapshot,
    };
    Job {
        id: "job".to_owned(),
        video_id: "video".to_owned(),
        request_id: String::new(),
        spec,
        kind,
        extend: None,
        callback_url: None,
        created_ms: 0,
        state: JobState::Processing,
        event_published: false,
    }
}
