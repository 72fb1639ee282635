use super::*;
use crate::bitstream::hides_damage;
use crate::bitstream::nal::prefixed;
use crate::index;
use crate::test_support::{LIMITS, media};
use source::{FileSource, RangeSource};
use std::path::Path;

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

/// The samples of a file that hold such zeros, and how many it has; none of one that is not indexed.
fn zeroed(path: &Path) -> Option<(Vec<usize>, usize)> {
    let source = FileSource::open(path).unwrap();
    let track = index(&source, LIMITS).ok()?;
    let is_hidden = |&at: &usize| {
        let sample = &track.samples[at];
        let mut bytes = vec![0; sample.size as usize];
        let is_read = source.read_at(sample.offset, &mut bytes).is_ok();
        is_read && !sample.encrypted && hides_damage(track.codec, &bytes)
    };
    let found = (0..track.samples.len()).filter(is_hidden).collect();
    Some((found, track.samples.len()))
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn no_sample_of_a_clean_file_holds_such_zeros() {
    let mut files = 0;
    let mut samples = 0;
    for folder in ["real", "synthetic", "reported"] {
        for path in media(folder, &["mp4", "mov", "m4v", "3gp", "mkv", "webm"]) {
            if let Some((found, count)) = zeroed(&path) {
                files += 1;
                samples += count;
                assert!(found.is_empty(), "{}: {found:?}", path.display());
            }
        }
    }
    assert!(files > 40 && samples > 10_000, "{samples} in {files}");
}
