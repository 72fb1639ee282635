//! Whatever happens to a file, there is an index that holds together, or none.

use super::listed::{BETWEEN, video};
use super::rewrite::{Table, avi, packed};
use crate::avi::index::sparse_index_of_any_length;
use crate::test_support::{Bytes, LIMITS, check_index, check_track, damaged_files};

fn check(file: Vec<u8>) {
    check_index(file.clone());
    let file = Bytes(file);
    if let Ok(mut index) = sparse_index_of_any_length(&file, LIMITS) {
        let _ = index.focus(&file, &[0, 1500, u64::MAX]);
        check_track(&index.track(), &file);
    }
}

#[test]
fn truncations_and_flipped_bits_never_panic() {
    let (head, chunks) = video(BETWEEN);
    let together = packed(&chunks);
    for (chunks, table) in [
        (&chunks, Table::FromList),
        (&chunks, Table::Super),
        (&together, Table::FromFile),
    ] {
        damaged_files(&avi(&head, chunks, table), 150, check);
    }
}
