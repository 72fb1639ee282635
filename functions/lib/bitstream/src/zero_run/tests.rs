use super::*;
use crate::nal::prefixed;

#[test]
fn every_run_of_three_is_found_wherever_it_stands() {
    for length in 3..40 {
        for at in 1..length - 3 {
            let mut data = vec![7; length];
            data[at..at + 3].fill(0);
            assert!(is_amid_data(&data), "{at} of {length}");
            data[at + 1] = 9;
            assert!(!is_amid_data(&data), "{at} of {length}");
        }
    }
}

#[test]
fn zeros_that_encoders_and_multiplexers_write_are_no_damage() {
    for legal in [
        &[5, 0, 0, 3, 0, 0, 3, 0, 0, 3][..], // cabac_zero_words
        &[5, 9, 0, 0, 0, 0, 0],              // trailing_zero_8bits
        &[5, 9, 0, 0, 0, 1, 0x65],           // a start code amid a unit
        &[5, 9, 0, 0, 0, 0, 0, 0, 1, 0x65],  // and stuffing before it
        &[5, 0, 0, 9, 0, 0, 9, 0, 9],
        &[5],
        &[],
    ] {
        assert!(!is_amid_data(legal), "{legal:?}");
    }
    assert!(is_amid_data(&[5, 0, 0, 0, 0, 0, 9]));
    assert!(is_amid_data(&[5, 9, 0, 0, 0, 1, 7, 0, 0, 0, 2]));
}

#[test]
fn only_slices_are_looked_at() {
    let zeros = [1, 0, 0, 0, 0, 5];
    let h264 = |kind: u8| prefixed(&[&[kind][..], &zeros].concat(), 4);
    assert!(is_in_h264(&h264(0x65), 4) && is_in_h264(&h264(0x41), 4));
    assert!(!is_in_h264(&h264(6), 4), "supplemental data");
    let hevc = |kind: u8| prefixed(&[&[kind << 1, 1][..], &zeros].concat(), 4);
    assert!(is_in_hevc(&hevc(1), 4) && is_in_hevc(&hevc(19), 4));
    assert!(!is_in_hevc(&hevc(39), 4), "supplemental data");
    // The second of two.
    let whole = prefixed(&[0x41, 9, 9], 4);
    assert!(is_in_h264(&[whole, h264(0x41)].concat(), 4));
}

#[test]
fn headers_before_a_picture_may_hold_anything() {
    let is_slice = |code: u8| (1..=0xaf).contains(&code);
    let head = [0, 0, 1, 0xb2, 0, 0, 0, 0, 9, 0, 0, 1, 0];
    let slice = [0, 0, 1, 1, 5, 5, 0, 0, 0, 7];
    assert!(!is_after_start_code(&head, is_slice));
    assert!(is_after_start_code(&[&head[..], &slice].concat(), is_slice));
}
