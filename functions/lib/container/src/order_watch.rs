//! The samples of a group held against the times that the container gives them, as they are fed:
//! nothing more is read for it.

use crate::VideoTrack;
use bitstream::has_whole_units;
use bitstream::order::{OrderRow, OutputOrderReader};
use plan::SampleGroup;

/// Follows one group. Silent where the coded bytes don't tell an order: those of a broken sample
/// would contradict the best of containers.
#[derive(Debug)]
pub struct OrderWatch<'a> {
    track: &'a VideoTrack,
    row: OrderRow,
}

impl<'a> OrderWatch<'a> {
    /// For samples of `group`.
    #[must_use]
    pub fn new(track: &'a VideoTrack, group: &SampleGroup) -> Self {
        // One by itself has no order.
        let reader = (group.first < group.last)
            .then(|| OutputOrderReader::new(track.codec, track.entry_at(group.first)));
        Self {
            track,
            row: OrderRow::new(reader.flatten()),
        }
    }

    /// To be given each sample of the group, in decoding order.
    pub fn see(&mut self, sample: usize, bytes: &[u8]) {
        match has_whole_units(self.track.codec, bytes) {
            true => self.row.take(self.track.samples[sample].pts, bytes),
            false => self.row.lose(),
        }
    }

    /// Whether the pictures come in the order of their times; those of one time in any.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.row.holds()
    }
}
