//! What all runs of one extraction share.

use crate::frame_format::{PictureFilter, PictureFilters};
use crate::listing::ListedVideo;
use crate::listing::timeline::FrameAccess;
use decoder::{CallClock, Ffmpeg, JobLimits, RetakeBudget};
use plan::grouping;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One extraction.
#[derive(Debug, Clone, Copy)]
pub(super) struct SeekContext<'a> {
    pub(super) video: &'a ListedVideo,
    pub(super) ffmpeg: &'a Ffmpeg,
    pub(super) filters: &'a PictureFilters,
    /// What the first run begins with.
    pub(super) first: &'a Arc<PictureFilter>,
    pub(super) limits: &'a JobLimits,
    /// Of all of it.
    pub(super) clock: &'a CallClock,
    pub(super) retakes: &'a RetakeBudget,
    /// Of the frames of a run those that hidden damage may reach.
    pub(super) doubted: &'a BTreeSet<usize>,
}

/// How many frames a run decodes.
pub(super) fn frames_of(context: &SeekContext<'_>, run: &[usize]) -> usize {
    let (Some(&first), Some(&last)) = (run.first(), run.last()) else {
        return 0;
    };
    let from = match &context.video.access {
        FrameAccess::Seek(keys) => grouping::frame_of_key(&context.video.timeline, keys, first),
        FrameAccess::Times | FrameAccess::Numbers(_) => 0,
    };
    (last + 1).saturating_sub(from)
}
