//! The pictures of one run, with second tries where a seek went wrong.

use super::attempt::{RunOutcome, SeekRun, attempt};
use super::context::SeekContext;
use super::retake::{is_clean_alone, retake};
use super::selection::FrameSelection;
use crate::MediaError;
use crate::listing::timeline::FrameAccess;
use crate::picture::{Picture, SinkClosed};
use crate::suspects::{EarlyEnd, Suspects};
use decoder::DecoderError;
use plan::Budget;
use plan::{TimeBase, Timeline};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Where to begin decoding, each place earlier than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SeekFrom {
    Keyframe,
    KeyframeBefore,
    Start,
}

/// Containers without an index are searched by bytes, and for decoding times at that: aim this
/// much earlier.
const MARGIN_US: i64 = 500_000;

/// Makes the pictures of `frames` in order; returns those that don't come.
pub(super) fn run(
    context: &SeekContext<'_>,
    frames: &[usize],
    stopped: &AtomicBool,
    deliver: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
) -> Result<Vec<usize>, MediaError> {
    match &context.video.access {
        FrameAccess::Seek(keys) => seek(context, keys, frames, stopped, deliver),
        FrameAccess::Times | FrameAccess::Numbers(_) => decode(context, frames, stopped, deliver),
    }
}

fn seek(
    context: &SeekContext<'_>,
    keys: &[i64],
    mut frames: &[usize],
    stopped: &AtomicBool,
    deliver: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
) -> Result<Vec<usize>, MediaError> {
    let mut place = SeekFrom::Keyframe;
    let mut filter = Arc::clone(context.first);
    let mut suspects = Suspects::End;
    while !frames.is_empty() {
        let values = times(&context.video.timeline, frames);
        let from_us = seek_time(context, keys, values[0], place);
        let order = SeekRun {
            frames,
            selection: FrameSelection::by_times(values),
            from_us,
            ends_at_missed: true,
            filter: Arc::clone(&filter),
            suspects,
        };
        let outcome = attempt(context, &order, stopped, deliver)?;
        frames = &frames[outcome.settled..];
        match outcome.early {
            _ if frames.is_empty() => break,
            Some(EarlyEnd::OtherFilter(other)) => {
                filter = other;
                continue;
            }
            Some(EarlyEnd::Suspect(_)) if !context.retakes.is_left(context.limits) => {
                suspects = Suspects::Deliver;
                continue;
            }
            Some(EarlyEnd::Suspect(picture)) => {
                let work = || retake(context, keys, frames[0], picture, stopped, deliver);
                context.retakes.charge(context.limits, work)?;
                (frames, place) = (&frames[1..], SeekFrom::Keyframe);
                continue;
            }
            None => {}
        }
        tracing::debug!(?place, frame = frames[0], "a frame did not come");
        place = match place {
            _ if outcome.settled > 0 => SeekFrom::Keyframe,
            _ if from_us.is_none() => return Err(lost(&outcome)),
            SeekFrom::Keyframe => SeekFrom::KeyframeBefore,
            SeekFrom::KeyframeBefore | SeekFrom::Start => SeekFrom::Start,
        };
    }
    Ok(Vec::new())
}

/// Even from the start of the file the frame did not come.
fn lost(outcome: &RunOutcome) -> MediaError {
    outcome.signal.map_or(MediaError::IndexMismatch, |signal| {
        DecoderError::signalled(signal).into()
    })
}

fn decode(
    context: &SeekContext<'_>,
    mut frames: &[usize],
    stopped: &AtomicBool,
    deliver: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
) -> Result<Vec<usize>, MediaError> {
    let mut missing = Vec::new();
    let mut filter = Arc::clone(context.first);
    let mut judged = |mut picture: Picture| {
        if picture.damaged && context.retakes.is_left(context.limits) {
            let work = || is_clean_alone(context, picture.frame, stopped);
            picture.damaged = !context.retakes.charge(context.limits, work);
        }
        deliver(picture)
    };
    while !frames.is_empty() {
        let order = SeekRun {
            frames,
            selection: selection(context, frames),
            from_us: None,
            ends_at_missed: false,
            filter: Arc::clone(&filter),
            suspects: Suspects::Deliver,
        };
        let outcome = attempt(context, &order, stopped, &mut judged)?;
        missing.extend(&outcome.missed);
        match outcome.signal {
            Some(signal) if !outcome.missed.is_empty() => {
                return Err(DecoderError::signalled(signal).into());
            }
            _ if outcome.lacked_memory && outcome.missed.len() == frames.len() => {
                return Err(context.limits.exceeded(Budget::Memory).into());
            }
            _ => {}
        }
        let Some(EarlyEnd::OtherFilter(other)) = outcome.early else {
            break;
        };
        filter = other;
        frames = &frames[outcome.settled..];
    }
    Ok(missing)
}

/// From the start of the file.
fn selection(context: &SeekContext<'_>, frames: &[usize]) -> FrameSelection {
    match &context.video.access {
        FrameAccess::Numbers(graphs) => FrameSelection::by_numbers(frames, graphs),
        FrameAccess::Times | FrameAccess::Seek(_) => {
            FrameSelection::by_times(times(&context.video.timeline, frames))
        }
    }
}

pub(super) fn times(timeline: &Timeline, frames: &[usize]) -> Vec<i64> {
    frames
        .iter()
        .filter_map(|&frame| timeline.frames().get(frame))
        .map(|f| f.pts)
        .collect()
}

/// Where to seek to for the frame at `pts`, microseconds; none is the start of the file.
pub(super) fn seek_time(
    context: &SeekContext<'_>,
    keys: &[i64],
    pts: i64,
    place: SeekFrom,
) -> Option<i64> {
    let exact = context.video.seeks_exactly;
    let before = keys.partition_point(|&key| key <= pts);
    let (ticks, margin) = match place {
        // The frame's own time finds its keyframe even where that is not where we think.
        SeekFrom::Keyframe if exact => (pts, 0),
        SeekFrom::Keyframe => (*keys.get(before.checked_sub(1)?)?, MARGIN_US),
        SeekFrom::KeyframeBefore => (
            *keys.get(before.checked_sub(2)?)?,
            if exact { 0 } else { 4 * MARGIN_US },
        ),
        SeekFrom::Start => return None,
    };
    let time_base = context.video.timeline.time_base();
    let first = context.video.timeline.frames().first()?.pts;
    let us = micros_up(time_base, ticks)?.checked_sub(margin)?;
    (us > micros_up(time_base, first)?).then_some(us)
}

/// Rounded up, so that a seek to a keyframe's own time does not miss it.
fn micros_up(time_base: TimeBase, ticks: i64) -> Option<i64> {
    let us = i128::from(ticks) * i128::from(time_base.num) * 1_000_000;
    i64::try_from(-(-us).div_euclid(i128::from(time_base.den))).ok()
}
