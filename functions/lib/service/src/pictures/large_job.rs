//! Work that several runs are to share.

use super::checkpoint::Checkpoint;
use std::ops::Range;

/// A job that is more work than one run is to do.
#[derive(Debug, PartialEq)]
pub struct LargeJob {
    /// What was done before, of this very file.
    pub done: Checkpoint,
    /// Of the rest.
    pub parts: Vec<PartPlan>,
}

/// One part of a large job.
#[derive(Debug, PartialEq)]
pub struct PartPlan {
    /// By their numbers, from 0.
    pub shots: Range<usize>,
    /// What has to be known of the video to take them, as JSON ([`media::TrackExcerpt`]); none where its
    /// own index is to be read.
    pub excerpt: Option<Vec<u8>>,
}

impl PartPlan {
    /// Without an excerpt.
    pub(super) fn of_shots(shots: Range<usize>) -> Self {
        let excerpt = None;
        Self { shots, excerpt }
    }
}
