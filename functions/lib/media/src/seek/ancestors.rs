//! A suspect made once more by the cut: its packets and those before it, copied into a container that
//! we read ourselves. What others do not refer to is left out of what is decoded then.

use super::context::SeekContext;
use crate::cut::{self, CutContext};
use crate::picture::Picture;
use container::{IndexLimits, VideoTrack, lacks_reference};
use decoder::{PacketSpan, RetakeBudget};
use plan::{SampleLimit, TimeBase};
use source::{MemorySource, RangeSource};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// That container counts milliseconds.
const ROUNDED_US: i64 = 2_000;

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
    let (video, limits) = (context.video, context.limits);
    let packets = span.in_matroska(
        context.ffmpeg,
        video.file(),
        &video.options.args(),
        limits,
        context.clock,
    );
    let source: Arc<dyn RangeSource> = Arc::new(MemorySource::new(packets.ok()??));
    let bounds = IndexLimits {
        bytes: limits.index_bytes,
        samples: SampleLimit::of(limits, source.bytes()),
        streams: limits.streams,
    };
    let track = container::index(&*source, bounds).ok()?;
    let sample = last_sample(&track, span)?;
    if lacks_reference(&*source, &track).ok()? {
        return Some(AloneVerdict::Damaged);
    }
    let (contradicts, lacks_samples) = (AtomicBool::new(false), AtomicBool::new(false));
    let cut = CutContext {
        source: &source,
        track: &track,
        samples: &[],
        // What needs it is decoded from its start.
        encoder_note: &[],
        filters: context.filters,
        first: Arc::clone(context.first),
        traits: video.traits,
        assumed: None,
        ffmpeg: context.ffmpeg,
        limits,
        contradicts: &contradicts,
        lacks_samples: &lacks_samples,
        clock: context.clock.clone(),
        retakes: RetakeBudget::default(),
    };
    let made = cut::alone(&cut, sample, stopped).ok()??;
    Some(match made.damaged {
        true => AloneVerdict::Damaged,
        false => AloneVerdict::Clean(made.finish(frame)),
    })
}

/// A span ends with its frame. None where it does not: with the second field of it.
fn last_sample(track: &VideoTrack, span: &PacketSpan) -> Option<usize> {
    let last = track.samples.len().checked_sub(1)?;
    let after_us = |clock: TimeBase, ticks: i64| clock.rescaled_up(ticks, TimeBase::MICROSECONDS);
    let samples = (track.samples.first()?.pts, track.samples[last].pts);
    let listed = after_us(span.time_base, span.to.checked_sub(span.from)?)?;
    let copied = after_us(track.time_base, samples.1.checked_sub(samples.0)?)?;
    ((listed - copied).abs() <= ROUNDED_US).then_some(last)
}
