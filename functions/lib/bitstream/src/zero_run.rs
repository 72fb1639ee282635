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
mod tests;
