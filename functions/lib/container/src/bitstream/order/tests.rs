use super::low_bits::whole_count;
use super::*;
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
