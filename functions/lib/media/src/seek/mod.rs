//! Pictures of chosen frames.

mod attempt;
mod context;
mod grouping;
mod matching;
mod ordered;
mod places;
mod retake;
mod run;

use crate::MediaError;
use crate::frame_format::PictureFilters;
use crate::frame_limits::check_pass;
use crate::listing::ListedVideo;
use crate::listing::timeline::FrameAccess;
use crate::picture::{Picture, PictureFormat, SinkClosed};
use context::SeekContext;
use decoder::{CallClock, Ffmpeg, JobLimits, RetakeBudget, selection};
use std::ops::Range;

/// See [`crate::Video::extract`].
pub(crate) fn extract(
    video: &ListedVideo,
    ffmpeg: &Ffmpeg,
    wanted: &[usize],
    target: PictureFormat,
    limits: &JobLimits,
    sink: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
) -> Result<Vec<usize>, MediaError> {
    let filters = PictureFilters::new(target);
    let context = SeekContext {
        video,
        ffmpeg,
        first: &filters.of(&video.format)?,
        filters: &filters,
        limits,
        clock: &CallClock::start(),
        retakes: &RetakeBudget::default(),
    };
    let runs = group(&context, wanted);
    let decoded = runs.iter().fold(0, |all: usize, run| {
        all.saturating_add(frames_of(&context, &wanted[run.clone()]))
    });
    check_pass(video.format.shape, decoded, limits)?;
    ordered::extract(&context, wanted, runs, sink)
}

/// How many frames a run decodes.
fn frames_of(context: &SeekContext<'_>, run: &[usize]) -> usize {
    let (Some(&first), Some(&last)) = (run.first(), run.last()) else {
        return 0;
    };
    let from = match &context.video.access {
        FrameAccess::Seek(keys) => grouping::frame_of_key(&context.video.timeline, keys, first),
        FrameAccess::Times | FrameAccess::Numbers(_) => 0,
    };
    (last + 1).saturating_sub(from)
}

fn group(context: &SeekContext<'_>, wanted: &[usize]) -> Vec<Range<usize>> {
    let video = context.video;
    match &video.access {
        FrameAccess::Seek(keys) => grouping::group(
            &video.timeline,
            keys,
            wanted,
            video.format.shape,
            context.limits.processes,
        ),
        // Each run decodes from the start: as few as possible.
        FrameAccess::Times | FrameAccess::Numbers(_) => (0..wanted.len())
            .step_by(selection::MOST_TERMS)
            .map(|from| from..wanted.len().min(from + selection::MOST_TERMS))
            .collect(),
    }
}
