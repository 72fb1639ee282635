//! The groups of one share, by as few processes as can decode them.

use super::Feed;
use super::attempt::attempt;
use super::feeder::{Feeder, Pieces};
use crate::{MediaError, Stop};
use plan::Group;
use std::sync::atomic::AtomicBool;

pub(super) fn work(
    feed: &Feed<'_>,
    share: &[&Group],
    stopped: &AtomicBool,
    deliver: &mut dyn FnMut(Vec<u8>) -> Result<(), Stop>,
) -> Result<(), MediaError> {
    let samples = share
        .iter()
        .flat_map(|group| &feed.track.samples[group.first..=group.last]);
    let pieces: Pieces<'_> = Box::new(samples.map(|sample| {
        let mut bytes = vec![0; sample.size as usize];
        feed.source.read_at(sample.offset, &mut bytes)?;
        Ok(bytes)
    }));
    let mut feeder = Feeder {
        feed,
        groups: share.iter().peekable(),
        pieces: pieces.peekable(),
        stopped,
    };
    while !feeder.is_done() {
        attempt(feed, &mut feeder, stopped, deliver)?;
    }
    Ok(())
}
