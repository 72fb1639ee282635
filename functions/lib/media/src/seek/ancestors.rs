//! A suspect made once more by the cut: its packets and those before it, copied into a container that
//! we read ourselves. What others do not refer to is left out of what is decoded then.

use super::context::SeekContext;
use super::copied_span::{CopiedSpan, ROUNDED_US};
use crate::cut::{self, CutContext};
use crate::picture::Picture;
use container::{hidden_damage, lacks_reference};
use decoder::{PacketSpan, RetakeBudget, SpanEnd};
use plan::TimeBase;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What is known of a suspect by what it needs and by nothing else.
pub(super) enum AloneVerdict {
    /// The decoder complains, or something that it needs is gone.
    Damaged,
    /// The decoder makes this of it, and has nothing to say.
    Clean(Picture),
}

/// What the decoder makes of `frame`. None where that can't be told.
pub(super) fn judge(
    context: &SeekContext<'_>,
    span: &PacketSpan,
    frame: usize,
    stopped: &AtomicBool,
) -> Option<AloneVerdict> {
    let copied = CopiedSpan::of(context, span, SpanEnd::AtFrame)?;
    let CopiedSpan { source, track } = &copied;
    let sample = last_sample(&copied, span)?;
    if lacks_reference(&**source, track).ok()? {
        return Some(AloneVerdict::Damaged);
    }
    let (contradicts, lacks_samples) = (AtomicBool::new(false), AtomicBool::new(false));
    let cut = CutContext {
        source,
        track,
        samples: &[],
        // What needs it is decoded from its start.
        encoder_note: &[],
        filters: context.filters,
        first: Arc::clone(context.first),
        traits: context.video.traits,
        assumed: None,
        ffmpeg: context.ffmpeg,
        limits: context.limits,
        contradicts: &contradicts,
        lacks_samples: &lacks_samples,
        clock: context.clock.clone(),
        retakes: RetakeBudget::default(),
    };
    match cut::alone(&cut, sample, stopped).ok()? {
        Some(made) if !made.damaged => Some(AloneVerdict::Clean(made.finish(frame))),
        Some(_) => Some(AloneVerdict::Damaged),
        // Its times may be wrong, or what they tell.
        None => {
            let reached = hidden_damage(&**source, track).ok()?;
            (reached.last() == Some(&true)).then_some(AloneVerdict::Damaged)
        }
    }
}

/// A span ends with its frame. None where it does not: with the second field of it.
fn last_sample(copied: &CopiedSpan, span: &PacketSpan) -> Option<usize> {
    let times = copied.times_us()?;
    let (first, last) = (times.first()?, times.last()?);
    let listed = span.to.checked_sub(span.from)?;
    let listed = span.time_base.rescaled_up(listed, TimeBase::MICROSECONDS)?;
    let is_it = (listed - (last - first)).abs() <= ROUNDED_US;
    is_it.then(|| times.len() - 1)
}
