//! How many were judged, and how.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// Of all judges.
#[derive(Default)]
pub(super) struct Tally {
    /// Broken files, once for each version of ffmpeg.
    pub(super) files: AtomicUsize,
    /// Of those: nothing was wrong.
    pub(super) right: AtomicUsize,
    /// Of those: a job ended with a code, so that there was no picture to judge.
    pub(super) refused: AtomicUsize,
    pub(super) pictures: AtomicUsize,
    /// Of those: no frame was compared with, since several or none have their time.
    pub(super) uncompared: AtomicUsize,
    /// Of those: what is wrong is only what ffmpeg's own decode shows otherwise each time.
    pub(super) unsteady: AtomicUsize,
    /// Of those: not held against the whole file, since their own time or one before it is damaged.
    pub(super) untimed: AtomicUsize,
}

pub(super) fn count(counter: &AtomicUsize) {
    counter.fetch_add(1, Relaxed);
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |counter: &AtomicUsize| counter.load(Relaxed);
        write!(
            out,
            "{} files: {} right ({} of them refused); {} pictures: {} exempt \
             from the comparison with plain decoding, {} from that with the whole file, {} that ffmpeg \
             decodes otherwise each time",
            of(&self.files),
            of(&self.right),
            of(&self.refused),
            of(&self.pictures),
            of(&self.uncompared),
            of(&self.untimed),
            of(&self.unsteady),
        )
    }
}
