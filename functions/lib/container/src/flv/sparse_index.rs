//! A long FLV of which only what lies around the wanted times is read.

use super::index::TOO_LONG;
use super::marked_video::FlvVideo;
use super::tag_stream::{self, TagStream};
use crate::clocked_index::{ClockedIndex, check_length};
use crate::marked_index::{self, MarkedIndex, left_to_ffmpeg};
use crate::{IndexError, IndexLimits, VideoTrack};
use source::RangeSource;

/// As [`crate::SparseIndex`].
#[derive(Debug, Clone)]
pub(crate) enum FlvIndex {
    /// By what its metadata tell of keyframes.
    Marked(Box<MarkedIndex<FlvVideo>>),
    /// By the times of its tags.
    Clocked(Box<ClockedIndex<TagStream>>),
}

impl FlvIndex {
    pub(crate) fn read(source: &dyn RangeSource, limits: IndexLimits) -> Result<Self, IndexError> {
        marked_index::check_length(source)?;
        let marked = marked_of_any_length(source, limits);
        match marked.map(|index| Self::Marked(Box::new(index))) {
            Err(IndexError::Unsupported(_) | IndexError::Damaged(_))
                if check_length(source, limits).is_ok() =>
            {
                Ok(Self::Clocked(Box::new(clocked_of_any_length(
                    source, limits,
                )?)))
            }
            read => read,
        }
    }

    pub(crate) fn focus(
        &mut self,
        source: &dyn RangeSource,
        points_ms: &[u64],
    ) -> Result<(), IndexError> {
        match self {
            Self::Marked(index) => index.focus(source, points_ms),
            Self::Clocked(index) => index.focus(source, points_ms),
        }
    }

    pub(crate) fn track(&self) -> VideoTrack {
        match self {
            Self::Marked(index) => index.track(),
            Self::Clocked(index) => index.track(),
        }
    }

    pub(crate) fn frame_rate(&self) -> Option<f64> {
        match self {
            Self::Marked(index) => index.frame_rate(),
            Self::Clocked(index) => index.frame_rate(),
        }
    }
}

pub(super) fn marked_of_any_length(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<MarkedIndex<FlvVideo>, IndexError> {
    let video = FlvVideo::read(source, limits);
    let index = video.and_then(|video| MarkedIndex::new(video, source, limits));
    left_to_ffmpeg(index, TOO_LONG)
}

pub(super) fn clocked_of_any_length(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<ClockedIndex<TagStream>, IndexError> {
    left_to_ffmpeg(tag_stream::clocked_index(source, limits), TOO_LONG)
}
