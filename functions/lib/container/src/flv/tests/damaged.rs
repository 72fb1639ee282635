//! Whatever happens to a file, there is an index that holds together, or none.

use super::listed::{H264, tags};
use super::rewrite::with_keyframes;
use crate::flv::sparse_index::{clocked_of_any_length, marked_of_any_length};
use crate::test_support::{Bytes, LIMITS, check_index, check_track, damaged_files};

fn check(file: Vec<u8>) {
    check_index(file.clone());
    let file = Bytes(file);
    let points = [0, 1500, u64::MAX];
    if let Ok(mut index) = marked_of_any_length(&file, LIMITS) {
        let _ = index.focus(&file, &points);
        check_track(&index.track(), &file);
    }
    if let Ok(mut index) = clocked_of_any_length(&file, LIMITS) {
        let _ = index.focus(&file, &points);
        check_track(&index.track(), &file);
    }
}

#[test]
fn truncations_and_flipped_bits_never_panic() {
    let whole = with_keyframes(&tags(&format!("{H264} -c:a aac")), 0.0);
    damaged_files(&whole, 200, check);
}
