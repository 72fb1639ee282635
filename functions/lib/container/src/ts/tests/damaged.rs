//! Whatever happens to a file, there is an index that holds together, or none.

use super::listed::make;
use crate::VideoTrack;
use crate::test_support::{Bytes, LIMITS, check_track, damaged_files};
use crate::ts::stretch::clocked_index;

fn check(file: Vec<u8>) {
    let file = Bytes(file);
    if let Ok(track) = crate::index(&file, LIMITS) {
        check_places(&track, &file);
    }
    if let Ok(mut index) = clocked_index(&file, LIMITS) {
        // What was known stays so where the rest can't be.
        let _ = index.focus(&file, &[0, 1500, u64::MAX]);
        check_places(&index.track(), &file);
    }
}

/// One behind the other.
fn check_places(track: &VideoTrack, file: &Bytes) {
    check_track(track, file);
    let mut before = 0;
    for sample in &track.samples {
        assert!(before <= sample.offset);
        before = sample.offset + u64::from(sample.size);
    }
}

#[test]
fn truncations_and_flipped_bits_never_panic() {
    for options in [
        "-c:v libx264 -preset ultrafast -g 15 -bf 2 -c:a aac",
        "-c:v mpeg2video -g 12 -bf 2 -c:a mp2",
    ] {
        let (_folder, path) = make("whole.ts", options);
        damaged_files(&std::fs::read(&path).unwrap(), 100, check);
    }
}
