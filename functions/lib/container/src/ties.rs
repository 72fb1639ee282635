//! Targets that share their time with other samples: the one that the decoder gives last is
//! shown, and only the coded bytes of the group tell which one that is.

use crate::VideoTrack;
use bitstream::order::{OutputOrder, OutputOrderReader};
use plan::SampleGroup;
use std::collections::BTreeSet;

/// A group is read whole before it is fed where this holds.
#[must_use]
pub fn has_ties(track: &VideoTrack, group: &SampleGroup) -> bool {
    if !track.codec.reorders() || group.first == group.last {
        return false;
    }
    let times: BTreeSet<i64> = group
        .targets
        .iter()
        .map(|&at| track.samples[at].pts)
        .collect();
    let span = &track.samples[group.first..=group.last];
    span.iter()
        .filter(|sample| times.contains(&sample.pts))
        .count()
        > times.len()
}

/// The group with other targets: of samples with one time the last in the order of output, where
/// the last in decoding order was meant. `bytes` are those of its samples. The same group where
/// they are not read, or don't tell.
#[must_use]
pub fn resolved(track: &VideoTrack, group: &SampleGroup, bytes: &[Vec<u8>]) -> SampleGroup {
    let mut resolved = group.clone();
    let span = group.first..=group.last;
    let orders = orders(track, group.first, bytes).unwrap_or_default();
    if orders.len() != span.clone().count() {
        return resolved;
    }
    let pts = |at: usize| track.samples[at].pts;
    for target in &mut resolved.targets {
        let is_alone = group
            .targets
            .iter()
            .filter(|&&other| pts(other) == pts(*target));
        let equal = span.clone().filter(|&at| pts(at) == pts(*target));
        if is_alone.count() == 1 && equal.clone().next_back() == Some(*target) {
            let last_shown = equal.max_by_key(|&at| (orders[at - group.first], at));
            *target = last_shown.unwrap_or(*target);
        }
    }
    resolved
}

fn orders(track: &VideoTrack, first: usize, bytes: &[Vec<u8>]) -> Option<Vec<OutputOrder>> {
    let mut reader = OutputOrderReader::new(track.codec, track.entry_at(first))?;
    bytes.iter().map(|bytes| reader.next(bytes)).collect()
}
