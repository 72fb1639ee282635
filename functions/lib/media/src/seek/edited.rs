//! Pictures of frames that are shown in another order than they are listed, or more than once.

use crate::picture::{Picture, SinkClosed};
use std::ops::Range;

/// Parts of `frames` that rise: each edit may go back.
pub(super) fn rising(frames: &[usize]) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    frames.chunk_by(|one, next| one < next).map(move |part| {
        let range = from..from + part.len();
        from = range.end;
        range
    })
}

/// Gives each picture of a listed frame the number by which it is wanted.
pub(super) struct Renumbered<'a> {
    wanted: &'a [usize],
    /// The listed frame of each.
    listed: &'a [usize],
    next: usize,
    missing: Vec<usize>,
}

impl<'a> Renumbered<'a> {
    pub(super) fn new(wanted: &'a [usize], listed: &'a [usize]) -> Self {
        Self {
            wanted,
            listed,
            next: 0,
            missing: Vec::new(),
        }
    }

    /// Pictures come in the order in which they are wanted; what is passed over is missing.
    pub(super) fn give(
        &mut self,
        picture: Picture,
        sink: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
    ) -> Result<(), SinkClosed> {
        let left = &self.listed[self.next..];
        let Some(passed) = left.iter().position(|&frame| frame == picture.frame) else {
            return Ok(());
        };
        let place = self.next + passed;
        self.missing.extend(&self.wanted[self.next..place]);
        self.next = place + 1;
        sink(Picture {
            frame: self.wanted[place],
            ..picture
        })
    }

    /// What did not come.
    pub(super) fn missing(mut self) -> Vec<usize> {
        self.missing.extend(&self.wanted[self.next..]);
        self.missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_rises() {
        let parts = |frames: &[usize]| rising(frames).collect::<Vec<_>>();
        assert_eq!(parts(&[3, 5, 5, 6, 1]), [0..2, 2..4, 4..5]);
        assert_eq!(parts(&[]), []);
    }
}
