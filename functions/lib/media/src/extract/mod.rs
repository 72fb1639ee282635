//! Pictures of chosen frames.

mod attempt;
mod matching;
mod ordered;
mod run;
mod runs;
mod select;

use crate::index::timeline::Access;
use crate::look::Output;
use crate::process::{Clock, Purse};
use crate::video::{Listed, within_pixels};
use crate::{Ffmpeg, MediaError};
use plan::Size;
use std::ops::Range;

/// One frame as pixels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The index of the frame in the timeline.
    pub frame: usize,
    /// As `form` says.
    pub pixels: Vec<u8>,
    /// What `pixels` are.
    pub form: Form,
    /// As asked for.
    pub size: Size,
}

/// What the pixels of a picture are. All numbers are of 8 bits and full range, rows from the top,
/// pixels from the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// 3 bytes each: red, green, blue.
    Rgb,
    /// As a JPEG of 4:2:0 stores them: luma, then both chroma planes of half the width and height,
    /// rounded up; BT.601, each chroma sample in the middle of its four pixels.
    Planes,
}

/// What pictures are to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// px
    pub size: Size,
    /// Of ordinary video. Pictures of wide gamut, of high dynamic range and of video stored as RGB
    /// always come as [`Form::Rgb`].
    pub form: Form,
}

impl From<Size> for Target {
    fn from(size: Size) -> Self {
        let form = Form::Rgb;
        Self { size, form }
    }
}

/// Said by a taker of pictures who wants no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop;

/// What all runs of one extraction share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Job<'a> {
    pub(crate) video: &'a Listed,
    pub(crate) ffmpeg: &'a Ffmpeg,
    pub(crate) output: &'a Output,
    pub(crate) limits: &'a Purse,
    /// Of all of it.
    pub(crate) clock: &'a Clock,
}

/// See [`crate::Video::extract`].
pub(crate) fn extract(
    job: &Job<'_>,
    wanted: &[usize],
    sink: &mut dyn FnMut(Picture) -> Result<(), Stop>,
) -> Result<Vec<usize>, MediaError> {
    let runs = group(job, wanted);
    let decoded = runs.iter().fold(0, |all: usize, run| {
        all.saturating_add(frames_of(job, &wanted[run.clone()]))
    });
    within_pixels(job.video.look.shape, decoded, job.limits)?;
    ordered::extract(job, wanted, runs, sink)
}

/// How many frames a run decodes.
fn frames_of(job: &Job<'_>, run: &[usize]) -> usize {
    let (Some(&first), Some(&last)) = (run.first(), run.last()) else {
        return 0;
    };
    let from = match &job.video.access {
        Access::Seek(keys) => runs::frame_of_key(&job.video.timeline, keys, first),
        Access::Times | Access::Numbers(_) => 0,
    };
    (last + 1).saturating_sub(from)
}

fn group(job: &Job<'_>, wanted: &[usize]) -> Vec<Range<usize>> {
    let video = job.video;
    match &video.access {
        Access::Seek(keys) => runs::group(
            &video.timeline,
            keys,
            wanted,
            video.look.shape,
            job.limits.processes,
        ),
        // Each run decodes from the start: as few as possible.
        Access::Times | Access::Numbers(_) => (0..wanted.len())
            .step_by(select::MOST_TERMS)
            .map(|from| from..wanted.len().min(from + select::MOST_TERMS))
            .collect(),
    }
}
