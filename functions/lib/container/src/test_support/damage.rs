//! Files of which bits are flipped, or that break off: whatever happens to a file, there is an index
//! that holds together, or none.

use super::{Bytes, LIMITS};
use crate::{SparseIndex, VideoTrack};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// Bytes of the header, which is hit as often as all the rest.
const HEAD_BYTES: usize = 1500;

/// Gives `check` so many files made of `whole`, twice each: damaged, and broken off.
pub(crate) fn damaged_files(whole: &[u8], cases: u32, check: impl Fn(Vec<u8>)) {
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::with_cases(cases), random);
    let last = whole.len() - 1;
    let place = prop_oneof![0..last.min(HEAD_BYTES), 0..last];
    let flips = prop::collection::vec((place, 0..8_u8), 1..6);
    let run = runner.run(&(flips, 0..=last), |(flips, end)| {
        let mut damaged = whole.to_vec();
        for (at, bit) in flips {
            damaged[at] ^= 1 << bit;
        }
        check(damaged);
        check(whole[..end].to_vec());
        Ok(())
    });
    run.unwrap();
}

/// That an index, if there is one, holds together.
pub(crate) fn check_index(file: Vec<u8>) {
    let file = Bytes(file);
    if let Ok(track) = crate::index(&file, LIMITS) {
        check_track(&track, &file);
    }
    if let Ok(mut sparse) = SparseIndex::read(&file, LIMITS) {
        // What was known stays so where the rest can't be.
        let _ = sparse.focus(&file, &[0, 1500, u64::MAX]);
        check_track(&sparse.track(), &file);
    }
}

pub(crate) fn check_track(track: &VideoTrack, file: &Bytes) {
    for sample in &track.samples {
        let at = usize::try_from(sample.offset).unwrap();
        let stored = file.0.get(at..at + sample.size as usize);
        let stored = stored.expect("samples are in the file");
        assert!(!track.unpacked(stored.to_vec()).is_empty());
        assert!(!sample.shown || sample.pts <= track.end_pts);
    }
}
