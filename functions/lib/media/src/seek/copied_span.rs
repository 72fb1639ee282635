//! Packets of a video in a container that we read ourselves.

use super::context::SeekContext;
use container::{IndexLimits, VideoTrack};
use decoder::{PacketSpan, SpanEnd};
use plan::{SampleLimit, TimeBase};
use source::{MemorySource, RangeSource};
use std::sync::Arc;

/// That container counts milliseconds.
pub(super) const ROUNDED_US: i64 = 2_000;

/// In memory.
pub(super) struct CopiedSpan {
    pub(super) source: Arc<dyn RangeSource>,
    pub(super) track: VideoTrack,
}

impl CopiedSpan {
    /// None where they can't be copied as they are, or can't be read.
    pub(super) fn of(context: &SeekContext<'_>, span: &PacketSpan, end: SpanEnd) -> Option<Self> {
        let (video, limits) = (context.video, context.limits);
        let packets = span.in_matroska(
            context.ffmpeg,
            video.file(),
            (&video.options.args(), end),
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
        Some(Self { source, track })
    }

    /// When each sample is shown, microseconds, in decoding order.
    pub(super) fn times_us(&self) -> Option<Vec<i64>> {
        let us = |pts| {
            self.track
                .time_base
                .rescaled_up(pts, TimeBase::MICROSECONDS)
        };
        self.track
            .samples
            .iter()
            .map(|sample| us(sample.pts))
            .collect()
    }
}
