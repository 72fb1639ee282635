//! Runs of zero bytes where no encoder may write them. Storage that was lost reads as zeros, and
//! decoders take such data for whole: they make something of it and complain of nothing.
//!
//! Codes by arithmetic (VP8, VP9, AV1) and JPEG may hold any run of zeros, so nothing is told of them.

use super::nal::units;

/// What keeps start codes from appearing in a NAL unit keeps three zero bytes from it: ITU-T H.264
/// and H.265, 7.4.1 and 7.4.2.
const LONGEST: usize = 2;

/// ITU-T H.264, table 7-1: slices and their partitions.
pub(super) fn is_in_h264(sample: &[u8], length_bytes: u8) -> bool {
    let is_slice = |unit: &&[u8]| (1..=5).contains(&(unit[0] & 0x1f));
    units(sample, length_bytes)
        .filter(is_slice)
        .any(is_amid_data)
}

/// ITU-T H.265, table 7-1: the types below 32 are of slices.
pub(super) fn is_in_hevc(sample: &[u8], length_bytes: u8) -> bool {
    let is_slice = |unit: &&[u8]| unit[0] >> 1 & 0x3f < 32;
    units(sample, length_bytes)
        .filter(is_slice)
        .any(is_amid_data)
}

/// Start codes are of 23 zero bits and a one, and no code of a picture has as many (ISO/IEC 13818-2,
/// 6.2.1; 14496-2, 6.2.1). `begins` tells the start code of a picture's data by its last byte.
pub(super) fn is_after_start_code(sample: &[u8], begins: impl Fn(u8) -> bool) -> bool {
    let mut codes = sample.windows(4);
    let at = codes.position(|code| code[..3] == [0, 0, 1] && begins(code[3]));
    at.is_some_and(|at| is_amid_data(&sample[at + 4..]))
}

/// Whether a run of zeros too long lies amid `data`.
///
/// Not at its end: multiplexers leave zeros there that stood between two units
/// (`trailing_zero_8bits`, `zero_byte`). Nor before a start code, whether it is part of the stream or a
/// multiplexer has taken several units for one.
fn is_amid_data(data: &[u8]) -> bool {
    let mut at = LONGEST;
    // The last byte of each window decides: of a run of three one lies at every third place.
    while let Some(&byte) = data.get(at) {
        if byte != 0 {
            at += LONGEST + 1;
            continue;
        }
        let before = data[..at].iter().rev().take_while(|&&byte| byte == 0);
        let before = before.take(LONGEST).count();
        let after = data[at..].iter().take_while(|&&byte| byte == 0).count();
        match data.get(at + after) {
            None => return false,
            Some(1) => {}
            Some(_) if before + after > LONGEST => return true,
            Some(_) => {}
        }
        at += after + LONGEST + 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::nal::prefixed;
    use super::*;

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
}
