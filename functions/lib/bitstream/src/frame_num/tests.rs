use super::*;
use crate::h264::parameter_sets;
use crate::made::numbered::{ENTRY, KEY, OTHER, REFERENCE, slice};
use crate::nal::prefixed;
use proptest::prelude::*;

const CODEC: Codec = Codec::H264 { length_bytes: 4 };

/// Which of the pictures that nothing refers to are decoded after all.
fn needed(pictures: &[(u8, u8)]) -> Vec<usize> {
    let mut watch = GapWatch::new(CODEC, ENTRY);
    let mut left_out = 0;
    let mut needed = Vec::new();
    for (nth, &(kind, number)) in pictures.iter().enumerate() {
        let is_decoded = kind != OTHER;
        if watch.needs_left_out(&slice(kind, number), is_decoded) {
            needed.push(left_out);
        }
        left_out = if is_decoded { left_out } else { nth };
    }
    needed
}

#[test]
fn nothing_is_needed_where_nothing_is_lost() {
    let pictures = [
        (KEY, 0),
        (REFERENCE, 1),
        (OTHER, 2),
        (OTHER, 2),
        (REFERENCE, 2),
        (OTHER, 3),
        (REFERENCE, 3),
        (REFERENCE, 4),
        (OTHER, 5),
        (KEY, 0),
        (OTHER, 1),
        (REFERENCE, 1),
    ];
    assert_eq!(needed(&pictures), [0; 0]);
    let around: Vec<(u8, u8)> = (0..40)
        .flat_map(|nth| [(REFERENCE, nth % 16), (OTHER, (nth + 1) % 16)])
        .collect();
    assert_eq!(needed(&around), [0; 0]);
}

#[test]
fn a_picture_that_hides_a_loss_is_needed() {
    // That of number 2 is lost.
    let pictures = [
        (REFERENCE, 1),
        (OTHER, 2),
        (OTHER, 2),
        (OTHER, 3),
        (OTHER, 3),
        (REFERENCE, 3),
    ];
    assert_eq!(needed(&pictures), [2]);
    // Without the first two, nothing hides it.
    assert_eq!(
        needed(&[(REFERENCE, 1), (OTHER, 3), (REFERENCE, 3)]),
        [0; 0]
    );
    // Both that of number 2 and that of number 3 are.
    let both = [(REFERENCE, 1), (OTHER, 2), (OTHER, 3), (OTHER, 4)];
    assert_eq!(needed(&both), [1, 2]);
}

#[test]
fn where_numbers_are_unknown_nothing_is_left_out() {
    let mut watch = GapWatch::new(CODEC, b"");
    assert!(!watch.needs_left_out(&slice(REFERENCE, 1), true));
    assert!(!watch.needs_left_out(&slice(OTHER, 2), false));
    assert!(watch.needs_left_out(&slice(OTHER, 2), false));
    assert!(watch.needs_left_out(&slice(REFERENCE, 2), true));
    let mut other = GapWatch::new(Codec::Vp8, b"");
    assert!(!other.needs_left_out(&[1], false) && !other.needs_left_out(&[2], true));
}

/// Sets that come with the first picture, as `avc3` has them.
#[test]
fn parameter_sets_within_samples_are_read() {
    let sets: Vec<u8> = parameter_sets(ENTRY)
        .flat_map(|unit| prefixed(unit, 4))
        .collect();
    let mut watch = GapWatch::new(CODEC, b"");
    let key = [sets, slice(KEY, 0)].concat();
    let others = [slice(OTHER, 1), slice(REFERENCE, 1)];
    assert!(!watch.needs_left_out(&key, true));
    assert!(!watch.needs_left_out(&others[0], false));
    assert!(!watch.needs_left_out(&others[1], true));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        entry in proptest::collection::vec(any::<u8>(), 0..80),
        samples in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..6),
        bit in 0..ENTRY.len() * 8,
    ) {
        let mut flipped = ENTRY.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let named = [b"avcC", &entry[..]].concat();
        for entry in [&entry, &flipped, &named] {
            let mut watch = GapWatch::new(CODEC, entry);
            for (nth, sample) in samples.iter().enumerate() {
                watch.needs_left_out(sample, nth % 2 == 0);
                watch.needs_left_out(&prefixed(sample, 4), nth % 3 == 0);
            }
        }
    }
}
