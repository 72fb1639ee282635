//! The pictures of one run, with second tries where a seek went wrong.

use super::attempt::{RunOutcome, SeekRun, attempt};
use super::context::SeekContext;
use super::selection::FrameSelection;
use crate::MediaError;
use crate::listing::timeline::FrameAccess;
use crate::picture::{Picture, SinkClosed};
use decoder::DecoderError;
use plan::Budget;
use plan::{TimeBase, Timeline};
use std::sync::atomic::AtomicBool;

/// Where to begin decoding, each place earlier than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SeekFrom {
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
        FrameAccess::Times => {
            let selection = FrameSelection::by_times(times(&context.video.timeline, frames));
            decode(context, selection, frames, stopped, deliver)
        }
        FrameAccess::Numbers(graphs) => {
            let selection = FrameSelection::by_numbers(frames, graphs);
            decode(context, selection, frames, stopped, deliver)
        }
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
    while !frames.is_empty() {
        let values = times(&context.video.timeline, frames);
        let from_us = seek_time(context, keys, values[0], place);
        let order = SeekRun {
            frames,
            selection: FrameSelection::by_times(values),
            from_us,
            ends_at_missed: true,
        };
        let outcome = attempt(context, &order, stopped, deliver)?;
        frames = &frames[outcome.settled..];
        if frames.is_empty() {
            break;
        }
        tracing::debug!(?place, frame = frames[0], "a frame did not come");
        place = match place {
            _ if outcome.settled > 0 => SeekFrom::Keyframe,
            _ if from_us.is_none() => return Err(lost(outcome)),
            SeekFrom::Keyframe => SeekFrom::KeyframeBefore,
            SeekFrom::KeyframeBefore | SeekFrom::Start => SeekFrom::Start,
        };
    }
    Ok(Vec::new())
}

/// Even from the start of the file the frame did not come.
fn lost(outcome: RunOutcome) -> MediaError {
    outcome.signal.map_or(MediaError::IndexMismatch, |signal| {
        DecoderError::signalled(signal).into()
    })
}

fn decode(
    context: &SeekContext<'_>,
    selection: FrameSelection,
    frames: &[usize],
    stopped: &AtomicBool,
    deliver: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
) -> Result<Vec<usize>, MediaError> {
    let order = SeekRun {
        frames,
        selection,
        from_us: None,
        ends_at_missed: false,
    };
    let outcome = attempt(context, &order, stopped, deliver)?;
    match outcome.signal {
        Some(signal) if !outcome.missed.is_empty() => Err(DecoderError::signalled(signal).into()),
        _ if outcome.lacked_memory && outcome.missed.len() == frames.len() => {
            Err(context.limits.exceeded(Budget::Memory).into())
        }
        _ => Ok(outcome.missed),
    }
}

fn times(timeline: &Timeline, frames: &[usize]) -> Vec<i64> {
    frames
        .iter()
        .filter_map(|&frame| timeline.frames().get(frame))
        .map(|f| f.pts)
        .collect()
}

/// Where to seek to for the frame at `pts`, microseconds; none is the start of the file.
fn seek_time(context: &SeekContext<'_>, keys: &[i64], pts: i64, place: SeekFrom) -> Option<i64> {
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
