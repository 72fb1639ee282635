//! The groups of one share, by as few processes as can decode them.

use super::CutContext;
use super::attempt::attempt;
use super::feeder::SampleFeeder;
use crate::MediaError;
use crate::picture::SinkClosed;
use plan::SampleGroup;
use source::{ByteRange, PrefetchLimits, Prefetcher};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub(super) fn work(
    context: &CutContext<'_>,
    share: &[&SampleGroup],
    stopped: &AtomicBool,
    deliver: &mut dyn FnMut(Vec<u8>) -> Result<(), SinkClosed>,
) -> Result<(), MediaError> {
    let samples = share
        .iter()
        .flat_map(|group| &context.track.samples[group.first..=group.last]);
    let limits = PrefetchLimits::of(
        &**context.source,
        context.limits.window_bytes,
        context.processes(),
    );
    let pieces = Prefetcher::start(
        Arc::clone(context.source),
        samples.map(ByteRange::from).collect(),
        limits,
    )?
    .until(context.limits.deadline.clone());
    let reading = AtomicBool::new(false);
    let mut feeder = SampleFeeder {
        context,
        groups: share.iter().peekable(),
        pieces: pieces.peekable(),
        stopped,
        reading: &reading,
    };
    while !feeder.is_done() {
        attempt(context, &mut feeder, stopped, deliver)?;
    }
    Ok(())
}
