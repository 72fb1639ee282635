//! The samples of a group held against the times that the container gives them, as they are fed:
//! nothing more is read for it.

use crate::VideoTrack;
use crate::bitstream::order::{OutputOrder, OutputOrderReader, agrees};
use plan::SampleGroup;

/// Follows one group. Silent where the coded bytes don't tell an order.
#[derive(Debug)]
pub struct OrderWatch<'a> {
    track: &'a VideoTrack,
    reader: Option<OutputOrderReader>,
    seen: Vec<(i64, OutputOrder)>,
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
            reader: reader.flatten(),
            seen: Vec::new(),
        }
    }

    /// To be given each sample of the group, in decoding order.
    pub fn see(&mut self, sample: usize, bytes: &[u8]) {
        let Some(reader) = &mut self.reader else {
            return;
        };
        match reader.next(bytes) {
            Some(order) => self.seen.push((self.track.samples[sample].pts, order)),
            None => self.reader = None,
        }
    }

    /// Whether the pictures come in the order of their times; those of one time in any.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.reader.is_none() || agrees(&self.seen)
    }
}
