//! Frames that damage may reach of which the decoder says nothing: what a demuxer loses, or takes for
//! whole. It is looked for in the packets where something speaks for it.

use super::context::SeekContext;
use super::copied_span::{CopiedSpan, ROUNDED_US};
use super::places::{SeekFrom, times};
use super::retake::{keyframes, span};
use crate::listing::timeline::FrameAccess;
use container::hidden_damage;
use decoder::{PacketSpan, SpanEnd};
use plan::TimeBase;
use std::collections::BTreeSet;

/// Of these frames.
pub(super) fn doubted(context: &SeekContext<'_>, frames: &[usize]) -> BTreeSet<usize> {
    let (video, retakes, limits) = (context.video, context.retakes, context.limits);
    let keys = match &video.access {
        FrameAccess::Seek(keys) => keys,
        FrameAccess::Times => &keyframes(&video.timeline),
        // Another frame may have the time of one that is known by its number.
        FrameAccess::Numbers(_) => return BTreeSet::new(),
    };
    if !video.is_doubtful || !retakes.is_left(limits) {
        return BTreeSet::new();
    }
    let search = || {
        let found = |place| found(context, keys, frames, place);
        found(SeekFrom::Keyframe).or_else(|| found(SeekFrom::KeyframeBefore))
    };
    retakes.charge(limits, search).unwrap_or_default()
}

fn found(
    context: &SeekContext<'_>,
    keys: &[i64],
    frames: &[usize],
    place: SeekFrom,
) -> Option<BTreeSet<usize>> {
    let shown = times(&context.video.timeline, frames);
    let span = PacketSpan {
        to: *shown.last()?,
        ..span(context, keys, *frames.first()?, place)?
    };
    let copied = CopiedSpan::of(context, &span, SpanEnd::BehindFrame)?;
    let reached = hidden_damage(&*copied.source, &copied.track).ok()?;
    let samples = copied.times_us()?.into_iter().zip(reached);
    let reached: BTreeSet<i64> = samples.filter_map(|(at, is)| is.then_some(at)).collect();
    let is_reached = |pts| {
        let us = span.time_base.rescaled_up(pts, TimeBase::MICROSECONDS);
        us.is_some_and(|us| {
            reached
                .range(us - ROUNDED_US..=us + ROUNDED_US)
                .next()
                .is_some()
        })
    };
    let frames = frames.iter().zip(shown);
    Some(
        frames
            .filter_map(|(&frame, pts)| is_reached(pts).then_some(frame))
            .collect(),
    )
}
