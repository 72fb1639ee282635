//! A job as a worker runs it, without a server around it.
#![allow(clippy::unwrap_used)]

use artifacts::Quality;
use contract::snapshot::{FrameType, ImageFormat, PointSpec, SnapshotSpec};
use decoder::Ffmpeg;
use media::MediaError;
use plan::Limits;
use service::model::SnapshotType;
use service::pictures::{Engine, Interrupted, JobRequest, SnapshotTask};
use source::{FileSource, RangeSource, ReadError};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

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
        animation: None,
        image_format: ImageFormat::Jpeg,
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
        executable: Engine::OWN_EXECUTABLE.into(),
        checkpoint_every: Duration::MAX,
    }
}

/// A job of no store.
#[must_use]
pub fn task(spec: SnapshotSpec) -> SnapshotTask {
    SnapshotTask {
        job_id: "snapshot".into(),
        video_id: "video".into(),
        kind: SnapshotType::of(&spec),
        spec,
        created_ms: 0,
    }
}

/// The whole of a job on a file.
///
/// # Errors
/// The file can't be opened.
pub fn order(path: &Path, spec: SnapshotSpec) -> Result<JobRequest, Interrupted> {
    let source = FileSource::open(path).map_err(MediaError::from)?;
    Ok(order_on(Arc::new(source), spec))
}

/// The whole of a job on something.
#[must_use]
pub fn order_on(source: Arc<dyn RangeSource>, spec: SnapshotSpec) -> JobRequest {
    JobRequest::whole(task(spec), source)
}

/// What a file in a bucket is: without a path.
#[derive(Debug)]
pub struct Far(FileSource);

impl Far {
    /// # Errors
    /// The file can't be opened.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        FileSource::open(path).map(Self)
    }
}

impl RangeSource for Far {
    fn bytes(&self) -> u64 {
        self.0.bytes()
    }

    fn read_at(&self, offset: u64, into: &mut [u8]) -> Result<(), ReadError> {
        self.0.read_at(offset, into)
    }
}
