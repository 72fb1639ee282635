//! What all runs of one extraction share.

use crate::frame_format::{PictureFilter, PictureFilters};
use crate::listing::ListedVideo;
use decoder::{CallClock, Ffmpeg, JobLimits, RetakeBudget};
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
}
