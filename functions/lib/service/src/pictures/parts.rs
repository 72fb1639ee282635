//! Into what a job can be divided.

use super::builder::PassBuilder;
use super::checkpoint::Checkpoint;
use super::failure::Interrupted;
use super::large_job::PartPlan;
use super::selection::Selection;
use media::Video;
use plan::parts::divide;
use plan::{Limits, ShotWork, Work};
use std::ops::Range;

/// The parts of what is left to do, before frames are listed, by what each shot takes.
pub(super) fn outlined_parts(
    work: Option<Vec<ShotWork>>,
    done: &Checkpoint,
    most: Work,
    capacity: Option<usize>,
) -> Vec<PartPlan> {
    let shots = work.into_iter().flatten().enumerate();
    let open = shots.filter(|(shot, _)| !done.pictures.contains_key(shot));
    let parts = divide(&open.collect::<Vec<_>>(), most, capacity);
    parts.into_iter().map(PartPlan::of_shots).collect()
}

/// The parts of what is left to do, the wanted `frames` of a video, if a run is to do at most about
/// `most`; none where the work can't be told before it is done.
pub(super) fn parts(
    builder: &PassBuilder<'_>,
    selection: &Selection,
    (video, frames): (&Video, &[usize]),
    most: Work,
    limits: &Limits,
) -> Result<Vec<PartPlan>, Interrupted> {
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
    if !shots.is_sorted_by_key(|(shot, _)| *shot) {
        return Ok(Vec::new());
    }
    let parts = divide(&shots, most, builder.sheet_capacity());
    if parts.len() <= 1 {
        return Ok(parts.into_iter().map(PartPlan::of_shots).collect());
    }
    let excerpt_of = video.excerpts();
    let with_excerpt = |shots: Range<usize>| {
        let of_part = |frame: &&usize| {
            let taken = selection.by_frame.get(*frame).into_iter().flatten();
            taken.into_iter().any(|shot| shots.contains(shot))
        };
        let frames: Vec<usize> = frames.iter().filter(of_part).copied().collect();
        let excerpt = excerpt_of(&frames);
        let excerpt = excerpt.and_then(|excerpt| serde_json::to_vec(&excerpt).ok());
        PartPlan { shots, excerpt }
    };
    Ok(parts.into_iter().map(with_excerpt).collect())
}
