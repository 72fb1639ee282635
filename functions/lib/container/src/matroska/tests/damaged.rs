//! Whatever happens to a file, there is an index that holds together, or none.

use super::{Bytes, LIMITS, clips::Clip};
use crate::matroska::index;
use crate::test_support::{check_index, damaged_files};

#[test]
fn truncations_and_flipped_bits_never_panic() {
    let clips = Clip::all();
    for name in ["small_clusters.mkv", "live_small_clusters.mkv"] {
        let clip = clips.iter().find(|clip| clip.name == name).unwrap();
        let made = clip.make();
        damaged_files(&std::fs::read(&made.path).unwrap(), 300, check_index);
    }
}

/// An element with a size of eight bytes.
fn element(id: &[u8], bytes: u64, body: &[u8]) -> Vec<u8> {
    let size = (bytes | 1 << 56).to_be_bytes();
    [id, &size, body].concat()
}

#[test]
fn sizes_past_everything_and_endless_chains_give_no_index() {
    let doc_type = element(&[0x42, 0x82], 4, b"webm");
    let ebml = element(&[0x1a, 0x45, 0xdf, 0xa3], doc_type.len() as u64, &doc_type);
    let unknown = (1 << 56) - 1;
    let segment = element(&[0x18, 0x53, 0x80, 0x67], unknown, &[]);
    let huge = element(&[0x16, 0x54, 0xae, 0x6b], unknown - 1, &[0; 99]);
    let cluster = element(&[0x1f, 0x43, 0xb6, 0x75], unknown, &[]);
    let tiny = [0xec, 0x80];
    for body in [huge, cluster.repeat(200_000), tiny.repeat(1_000_000)] {
        let file = [&ebml[..], &segment, &body].concat();
        assert!(index(&Bytes(file), LIMITS).is_err());
    }
}

/// What fuzzing found.
#[test]
fn a_hidden_frame_after_the_last_one_shown_is_no_contradiction() {
    check_index(include_bytes!("../../../fuzz/regressions/hidden-after-the-end.mkv").to_vec());
}
