//! Into what a job can be divided.

use super::builder::PassBuilder;
use super::checkpoint::Checkpoint;
use super::failure::Interrupted;
use super::selection::Selection;
use media::Video;
use plan::parts::divide;
use plan::{Limits, ShotWork, Work};
use std::ops::Range;

/// The same before frames are listed, by what each shot takes: what is done is left out.
pub(super) fn outlined_parts(
    work: Option<Vec<ShotWork>>,
    done: &Checkpoint,
    most: Work,
    capacity: Option<usize>,
) -> Vec<Range<usize>> {
    let shots = work.into_iter().flatten().enumerate();
    let open = shots.filter(|(shot, _)| !done.pictures.contains_key(shot));
    divide(&open.collect::<Vec<_>>(), most, capacity)
}

/// The shots of each part of what is left to do, the wanted `frames` of a video, if a run is to do at most
/// about `most`; none where the work can't be told before it is done.
pub(super) fn parts(
    builder: &PassBuilder<'_>,
    selection: &Selection,
    (video, frames): (&Video, &[usize]),
    most: Work,
    limits: &Limits,
) -> Result<Vec<Range<usize>>, Interrupted> {
    let Some(work) = video.planned_work(frames, limits)? else {
        return Ok(Vec::new());
    };
    let again = ShotWork {
        work: Work::of_shot(0, video.display()),
        begins: false,
    };
    let mut shots = Vec::new();
    for (frame, work) in frames.iter().zip(work) {
        let wanted = selection.by_frame.get(frame).into_iter().flatten();
        let wanted = wanted.filter(|shot| builder.is_wanted(**shot));
        // The first shot of a frame takes its decoding, the others are written only.
        let work = std::iter::once(work).chain(std::iter::repeat(again));
        shots.extend(wanted.copied().zip(work));
    }
    // Shots that come in another order than their frames are not of one place in the file.
    match shots.is_sorted_by_key(|(shot, _)| *shot) {
        true => Ok(divide(&shots, most, builder.sheet_capacity())),
        false => Ok(Vec::new()),
    }
}
