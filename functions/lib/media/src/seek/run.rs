//! The pictures of one run, with second tries where a seek went wrong.

use super::attempt::{RunOutcome, SeekRun, attempt};
use super::context::SeekContext;
use super::doubts::doubted;
use super::places::{SeekFrom, seek_time, times};
use super::retake::{is_clean_alone, retake};
use crate::MediaError;
use crate::listing::timeline::FrameAccess;
use crate::picture::{Picture, SinkClosed};
use crate::suspects::{EarlyEnd, Suspects};
use decoder::DecoderError;
use decoder::selection::FrameSelection;
use plan::Budget;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Makes the pictures of `frames` in order; returns those that don't come.
pub(super) fn run(
    context: &SeekContext<'_>,
    frames: &[usize],
    stopped: &AtomicBool,
    deliver: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
) -> Result<Vec<usize>, MediaError> {
    let context = &SeekContext {
        doubted: &doubted(context, frames),
        ..*context
    };
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
    let mut missing = Vec::new();
    while !frames.is_empty() {
        let values = times(&context.video.timeline, frames);
        let from_us = seek_time(context, keys, values[0], place);
        let order = SeekRun {
            frames,
            selection: FrameSelection::by_times(values),
            from_us,
            // What does not come from the start of the file never comes.
            ends_at_missed: from_us.is_some(),
            filter: Arc::clone(&filter),
            suspects,
        };
        let outcome = attempt(context, &order, stopped, deliver)?;
        if from_us.is_none() && !outcome.missed.is_empty() {
            is_lost(context, &outcome)?;
            missing.extend(&outcome.missed);
        }
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
                let work = || retake(context, keys, frames[0], picture, stopped);
                match context.retakes.charge(context.limits, work)? {
                    Some(picture) => deliver(picture).map_err(|SinkClosed| MediaError::Stopped)?,
                    None => missing.push(frames[0]),
                }
                (frames, place) = (&frames[1..], SeekFrom::Keyframe);
                continue;
            }
            // Only what is cut begins where nothing can begin.
            Some(EarlyEnd::Displaced | EarlyEnd::NoStart) | None => {}
        }
        tracing::debug!(?place, frame = frames[0], "a frame did not come");
        place = match place {
            _ if outcome.settled > 0 => SeekFrom::Keyframe,
            SeekFrom::KeyframeTime | SeekFrom::Keyframe => SeekFrom::KeyframeBefore,
            SeekFrom::KeyframeBefore | SeekFrom::Start => SeekFrom::Start,
        };
    }
    Ok(missing)
}

/// Frames did not come even from the start of the file. That may be for their damage; where the
/// decoder has nothing to complain of, the container lists what is not there.
fn is_lost(context: &SeekContext<'_>, outcome: &RunOutcome) -> Result<(), MediaError> {
    match outcome.signal {
        Some(signal) => Err(DecoderError::signalled(signal).into()),
        None if outcome.lacked_memory => Err(context.limits.exceeded(Budget::Memory).into()),
        None if outcome.has_complained => Ok(()),
        None => Err(MediaError::IndexMismatch),
    }
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
            let work = || is_clean_alone(context, &picture, stopped);
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
