//! The groups of one share, by as few processes as can decode them.

use super::Feed;
use super::attempt::attempt;
use super::feeder::Feeder;
use crate::source::{Fetch, FetchLimits, Piece};
use crate::{MediaError, Stop};
use plan::Group;
use std::sync::Arc;
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
    let limits = FetchLimits::of(&**feed.source, feed.limits.window_bytes, feed.processes());
    let pieces = Fetch::start(
        Arc::clone(feed.source),
        samples.map(Piece::from).collect(),
        limits,
    )?
    .until(feed.limits.until.clone());
    let reading = AtomicBool::new(false);
    let mut feeder = Feeder {
        feed,
        groups: share.iter().peekable(),
        pieces: pieces.peekable(),
        stopped,
        reading: &reading,
    };
    while !feeder.is_done() {
        attempt(feed, &mut feeder, stopped, deliver)?;
    }
    Ok(())
}
