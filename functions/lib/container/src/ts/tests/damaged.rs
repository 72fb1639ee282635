//! Whatever happens to a file, there is an index that holds together, or none.

use super::listed::make;
use crate::VideoTrack;
use crate::test_support::{Bytes, LIMITS};
use crate::ts::ClockedIndex;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

fn check(file: Vec<u8>) {
    let bytes = file.len() as u64;
    let file = Bytes(file);
    if let Ok(track) = crate::index(&file, LIMITS) {
        check_track(&track, &file, bytes);
    }
    if let Ok(mut index) = ClockedIndex::of_any_length(&file, LIMITS) {
        // What was known stays so where the rest can't be.
        let _ = index.focus(&file, &[0, 1500, u64::MAX]);
        check_track(&index.track(), &file, bytes);
    }
}

fn check_track(track: &VideoTrack, file: &Bytes, bytes: u64) {
    let mut before = 0;
    for sample in &track.samples {
        let end = sample.offset + u64::from(sample.size);
        assert!(sample.size > 0 && end <= bytes && before <= sample.offset);
        assert!(!sample.shown || sample.pts <= track.end_pts);
        let at = usize::try_from(sample.offset).unwrap();
        let stored = file.0[at..at + sample.size as usize].to_vec();
        assert!(!track.unpacked(stored).is_empty());
        before = end;
    }
}

#[test]
fn truncations_and_flipped_bits_never_panic() {
    for options in [
        "-c:v libx264 -preset ultrafast -g 15 -bf 2 -c:a aac",
        "-c:v mpeg2video -g 12 -bf 2 -c:a mp2",
    ] {
        let (_folder, path) = make("whole.ts", options);
        let whole = std::fs::read(&path).unwrap();
        let config = Config::with_cases(100);
        let random = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
        let mut runner = TestRunner::new_with_rng(config, random);
        let last = whole.len() - 1;
        // The tables and the first picture are hit as often as all the rest.
        let place = prop_oneof![0..last.min(1500), 0..last];
        let flips = prop::collection::vec((place, 0..8_u8), 1..6);
        runner
            .run(&(flips, 0..=last), |(flips, end)| {
                let mut damaged = whole.clone();
                for (at, bit) in flips {
                    damaged[at] ^= 1 << bit;
                }
                check(damaged);
                check(whole[..end].to_vec());
                Ok(())
            })
            .unwrap();
    }
}
