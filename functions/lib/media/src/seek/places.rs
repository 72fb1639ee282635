//! Where in a file decoding begins.

use super::context::SeekContext;
use plan::{TimeBase, Timeline};

/// Where to begin decoding, each place earlier than the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SeekFrom {
    /// As near to the keyframe as can be, so that nothing before it is decoded. It may be missed.
    KeyframeTime,
    Keyframe,
    KeyframeBefore,
    Start,
}

/// Containers without an index are searched by bytes, and for decoding times at that: aim this
/// much earlier.
const MARGIN_US: i64 = 500_000;

/// When frames are shown, ticks.
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
        SeekFrom::KeyframeTime => {
            let key = *keys.get(before.checked_sub(1)?)?;
            (key, -context.video.seek_lead_us)
        }
        SeekFrom::Keyframe => (*keys.get(before.checked_sub(1)?)?, MARGIN_US),
        SeekFrom::KeyframeBefore => (
            *keys.get(before.checked_sub(2)?)?,
            if exact { 0 } else { 4 * MARGIN_US },
        ),
        SeekFrom::Start => return None,
    };
    let time_base = context.video.timeline.time_base();
    let first = context.video.timeline.frames().first()?.pts;
    // Rounded up, so that a seek to a keyframe's own time does not miss it.
    let us = |ticks| time_base.rescaled_up(ticks, TimeBase::MICROSECONDS);
    let from_us = us(ticks)?.checked_sub(margin)?;
    (from_us > us(first)?).then_some(from_us)
}
