use super::low_bits::whole_count;
use super::*;
use crate::made::{self as h264, Kind, MadePicture};
use proptest::prelude::*;

#[test]
fn counts_run_on_where_their_low_bits_wrap() {
    assert_eq!(whole_count(14, 4, 0), -2);
    assert_eq!(whole_count(6, 4, 0), 6);
    assert_eq!(whole_count(1, 4, 14), 17);
    assert_eq!(whole_count(15, 4, 17), 15);
}

#[test]
fn times_agree_with_the_order_of_output_or_not() {
    let order = |period, count| OutputOrder { period, count };
    let coded = [
        (0, order(1, 0)),
        (80, order(1, 4)),
        (40, order(1, 2)),
        (120, order(2, 0)),
    ];
    assert!(agrees(&coded));
    let as_decoded = [(0, order(1, 0)), (40, order(1, 4)), (80, order(1, 2))];
    assert!(!agrees(&as_decoded));
    let at_once = [(0, order(1, 0)), (40, order(1, 4)), (40, order(1, 2))];
    assert!(agrees(&at_once));
}

fn plane(kind: u8) -> Vec<u8> {
    vec![0, 0, 1, 0xb6, kind << 6 | 0x10, 7]
}

#[test]
fn mpeg4_pictures_that_others_refer_to_wait_for_the_next() {
    let mut reader = OutputOrderReader::new(Codec::Mpeg4, b"").unwrap();
    assert_eq!(reader.reordering(), Reordering::Possible);
    // I P B B P B
    let kinds = [0, 1, 2, 2, 1, 2];
    let places = kinds.map(|kind| reader.next(&plane(kind)).unwrap());
    let mut shown: Vec<usize> = (0..6).collect();
    shown.sort_by_key(|&at| places[at]);
    assert_eq!(shown, [0, 2, 3, 1, 5, 4]);
    assert_eq!(reader.next(&[plane(1), plane(2)].concat()), None);
}

fn codecs() -> impl Strategy<Value = Codec> {
    prop_oneof![
        Just(Codec::H264 { length_bytes: 4 }),
        Just(Codec::Hevc { length_bytes: 4 }),
        Just(Codec::Mpeg4),
    ]
}

/// A 640x360 clip by x264, of type 0.
const AVC: &[u8] = &[
    97, 118, 99, 67, 1, 100, 0, 30, 255, 225, 0, 25, 103, 100, 0, 30, 172, 217, 64, 160, 47, 249,
    97, 0, 0, 3, 0, 1, 0, 0, 3, 0, 50, 15, 22, 45, 150, 1, 0, 4, 104, 239, 143, 203,
];

proptest! {
    #[test]
    fn no_bytes_make_it_panic(
        codec in codecs(),
        entry in proptest::collection::vec(any::<u8>(), 0..80),
        samples in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..6),
        bit in 0..AVC.len() * 8,
    ) {
        let mut flipped = AVC.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let named = [b"hvcC", &entry[..]].concat();
        for entry in [&entry, &flipped, &named] {
            if let Some(mut reader) = OutputOrderReader::new(codec, entry) {
                for sample in &samples {
                    let length = [&[0, 0, 0, 30][..], sample].concat();
                    let (_, _) = (reader.next(sample), reader.next(&length));
                }
            }
        }
    }
}

use Kind::{Between, Key, Predicted, Restarting};

/// Whether pictures that are decoded in this order hold with these times.
fn hold(pictures: &[(i64, MadePicture)]) -> bool {
    let reader = OutputOrderReader::new(Codec::H264 { length_bytes: 4 }, &h264::entry());
    let mut row = OrderRow::new(reader);
    for &(pts, picture) in pictures {
        row.take(pts, &h264::sample(picture));
    }
    row.holds()
}

/// Three pictures after a keyframe; `shown` is when the first of them is.
fn rest(shown: i64) -> [(i64, MadePicture); 3] {
    [
        (shown + 1, (Predicted, 1, 6)),
        (shown, (Between, 2, 2)),
        (shown + 2, (Predicted, 2, 12)),
    ]
}

#[test]
fn a_lost_keyframe_of_h264_contradicts_no_times() {
    let group = [&[(0, (Key, 0, 0))][..], &rest(1)].concat();
    assert!(hold(&[&group[..], &rest(5)].concat()));
    // The keyframe after that tells an order again.
    let wrong = [(9, (Key, 0, 0)), (8, (Predicted, 1, 6))];
    assert!(!hold(&[&group[..], &rest(5), &wrong].concat()));
    // With nothing lost, counts that fall contradict times that rise.
    assert!(!hold(&[&group[..], &[(4, (Predicted, 3, 4))]].concat()));
}

#[test]
fn counts_of_h264_begin_anew_after_a_picture_that_says_so() {
    let mut group = [&[(0, (Key, 0, 0))][..], &rest(1)].concat();
    group[3].1.0 = Restarting;
    assert!(hold(&[&group[..], &rest(5)].concat()));
    // That picture comes after all before it, and before all after it.
    let mut late = group.clone();
    late[3].0 = 6;
    assert!(!hold(&[&late[..], &rest(5)].concat()));
}

#[test]
fn a_header_of_h264_that_names_no_parameter_set_tells_no_order() {
    let reader = || OutputOrderReader::new(Codec::H264 { length_bytes: 4 }, &h264::entry());
    let mut known = reader().unwrap();
    assert!(known.next(&h264::slice(Key, "1", 0, 0)).is_some());
    assert!(known.next(&h264::slice(Predicted, "1", 1, 6)).is_some());
    let mut unknown = reader().unwrap();
    assert!(unknown.next(&h264::slice(Key, "1", 0, 0)).is_some());
    assert_eq!(unknown.next(&h264::slice(Predicted, "010", 1, 6)), None);
    // A keyframe that is said to be predicted.
    let mut garbled = h264::slice(Predicted, "1", 0, 0);
    garbled[4] = 0x65;
    assert_eq!(reader().unwrap().next(&garbled), None);
}
