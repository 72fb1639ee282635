//! What all runs of one extraction share.

use crate::frame_format::PictureFilter;
use crate::listing::ListedVideo;
use decoder::{CallClock, Ffmpeg, JobLimits};

/// One extraction.
#[derive(Debug, Clone, Copy)]
pub(super) struct SeekContext<'a> {
    pub(super) video: &'a ListedVideo,
    pub(super) ffmpeg: &'a Ffmpeg,
    pub(super) filter: &'a PictureFilter,
    pub(super) limits: &'a JobLimits,
    /// Of all of it.
    pub(super) clock: &'a CallClock,
}
