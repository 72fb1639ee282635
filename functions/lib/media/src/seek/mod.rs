//! Pictures of chosen frames.

mod ancestors;
mod attempt;
mod context;
mod copied_span;
mod doubts;
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
use context::{SeekContext, frames_of};
use decoder::{CallClock, Ffmpeg, JobLimits, PlannedWork, RetakeBudget, selection};
use plan::grouping;
use plan::{EditedTimeline, Renumbered, rising};
use std::collections::BTreeSet;
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
    if wanted.iter().any(|&frame| video.needs_key(frame)) {
        return Err(MediaError::Encrypted);
    }
    let filters = PictureFilters::new(target);
    let context = SeekContext {
        video,
        ffmpeg,
        first: &filters.of(&video.format)?,
        filters: &filters,
        limits,
        clock: &CallClock::start(),
        retakes: &RetakeBudget::default(),
        doubted: &BTreeSet::new(),
    };
    let listed = EditedTimeline::listed(video.edited.as_ref(), wanted);
    let parts = rising(&listed);
    let runs: Vec<Range<usize>> = parts
        .flat_map(|part| group(&context, &listed, part))
        .collect();
    let decoded = runs.iter().fold(0, |all: usize, run| {
        all.saturating_add(frames_of(&context, &listed[run.clone()]))
    });
    check_pass(video.format.shape, decoded, limits)?;
    if video.edited.is_none() {
        return ordered::extract(&context, wanted, runs, sink);
    }
    let mut renumbered = Renumbered::new(wanted, &listed);
    ordered::extract(
        &context,
        &listed,
        runs,
        &mut |picture| match renumbered.number(picture.frame) {
            Some(frame) => sink(Picture { frame, ..picture }),
            None => Ok(()),
        },
    )?;
    Ok(renumbered.missing())
}

/// Over how many processes frames are spread. Where jobs share a pool of decoders, runs are short
/// enough for others to have their turn between two of them.
fn spread(context: &SeekContext<'_>, wanted: &[usize]) -> usize {
    let processes = context.limits.processes;
    if !context.ffmpeg.pool.is_bounded() {
        return processes;
    }
    let frames = frames_of(context, wanted) as u64;
    let work = PlannedWork::of_frames(frames, context.video.format.shape.pixels());
    // Each process gets two runs.
    let seconds = usize::try_from(work.time().as_secs()).unwrap_or(usize::MAX);
    processes.max(seconds.div_ceil(2))
}

/// The runs of a part of `wanted` that rises.
fn group(context: &SeekContext<'_>, wanted: &[usize], part: Range<usize>) -> Vec<Range<usize>> {
    let (video, start) = (context.video, part.start);
    let wanted = &wanted[part];
    let runs: Vec<Range<usize>> = match &video.access {
        FrameAccess::Seek(keys) => grouping::group(
            &video.timeline,
            keys,
            wanted,
            video.format.shape,
            spread(context, wanted),
        ),
        // Each run decodes from the start: as few as possible.
        FrameAccess::Times | FrameAccess::Numbers(_) => (0..wanted.len())
            .step_by(selection::MOST_TERMS)
            .map(|from| from..wanted.len().min(from + selection::MOST_TERMS))
            .collect(),
    };
    let moved = |run: Range<usize>| run.start + start..run.end + start;
    runs.into_iter().map(moved).collect()
}
