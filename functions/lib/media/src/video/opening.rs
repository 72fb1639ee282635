//! The index of a video that can be cut.

use super::cut_error::{CutError, WRONG_TIMES};
use super::cut_video::CutVideo;
use crate::MediaError;
use crate::frame_limits::check_frame;
use crate::listing::PacketTimes;
use container::{
    IndexError, IndexLimits, SparseIndex, TrackSettings, VideoTrack, contradicts_order,
    order_doubts,
};
use decoder::{Ffmpeg, JobLimits};
use plan::{Limits, SampleLimit};
use source::{RangeSource, RetryingSource};
use std::sync::Arc;

/// By as much of the index as tells the shape of the video and its duration.
pub(super) fn open_sparse(
    ffmpeg: &Ffmpeg,
    source: &Arc<dyn RangeSource>,
    limits: &JobLimits,
) -> Result<(CutVideo, SparseIndex), CutError> {
    let index = SparseIndex::read(&RetryingSource(&**source), bounds(limits, source.bytes()))?;
    let track = index.track();
    Ok((open(ffmpeg, source, track, limits)?, index))
}

/// By the whole index.
pub(super) fn open_cut(
    ffmpeg: &Ffmpeg,
    source: &Arc<dyn RangeSource>,
    limits: &JobLimits,
) -> Result<CutVideo, CutError> {
    let track = container::index(&RetryingSource(&**source), bounds(limits, source.bytes()))?;
    open(ffmpeg, source, track, limits)
}

fn open(
    ffmpeg: &Ffmpeg,
    source: &Arc<dyn RangeSource>,
    track: VideoTrack,
    limits: &JobLimits,
) -> Result<CutVideo, CutError> {
    check_frame(track.coded, limits)?;
    let has_encryption = track.has_encryption;
    if !has_encryption {
        check_order(&**source, &track)?;
    }
    CutVideo::open(ffmpeg, source, track, limits).map_err(|error| match error.into() {
        CutError::Odd { .. } if has_encryption => CutError::Failed(MediaError::Encrypted),
        error => error,
    })
}

/// A container that shows pictures as they are decoded may be wrong about those that are held
/// back, and so may one that shows some at unusual times. Anything else is found out by what is decoded.
fn check_order(source: &dyn RangeSource, track: &VideoTrack) -> Result<(), CutError> {
    match contradicts_order(&RetryingSource(source), track, &order_doubts(track)) {
        Ok(false) => Ok(()),
        Ok(true) => Err(CutError::odd(WRONG_TIMES, PacketTimes::Wrong)),
        Err(error) => Err(CutError::Failed(error.into())),
    }
}

/// What the container says of a track that is not cut; none where it can't be read.
pub(super) fn settings(
    source: &dyn RangeSource,
    limits: &Limits,
    stream: usize,
) -> Result<Option<TrackSettings>, MediaError> {
    let bounds = bounds(limits, source.bytes());
    match container::track_settings(&RetryingSource(source), bounds, stream) {
        Ok(settings) => Ok(Some(settings)),
        Err(IndexError::Read(error)) => Err(error.into()),
        Err(error) => {
            tracing::debug!(%error, "no settings");
            Ok(None)
        }
    }
}

fn bounds(limits: &Limits, file_bytes: u64) -> IndexLimits {
    IndexLimits {
        bytes: limits.index_bytes,
        samples: SampleLimit::of(limits, file_bytes),
        streams: limits.streams,
    }
}
