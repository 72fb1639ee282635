//! H.264: ITU-T H.264, 7.3.1 and annex D.

use super::nal::{unescaped, units};
use super::random_access::RandomAccess;

const SLICE: u8 = 1;
const PARTITION_A: u8 = 2;
const IDR: u8 = 5;
const SEI: u8 = 6;
const RECOVERY_POINT: usize = 6;

/// Enough for the messages that come before a recovery point: others are rarely long, and a
/// long one is seldom first.
const MOST_SEI_BYTES: usize = 4096;

fn kind(unit: &[u8]) -> u8 {
    unit[0] & 0x1f
}

/// An instantaneous decoder refresh makes a decoder forget; a recovery point does not, but is as
/// good for one that knows nothing, if no further pictures are needed to recover.
pub(super) fn random_access(sample: &[u8], length_bytes: u8) -> RandomAccess {
    let mut recovers = false;
    for unit in units(sample, length_bytes) {
        match kind(unit) {
            IDR => return RandomAccess::Idr,
            SEI => recovers |= recovers_at_once(&unit[1..]),
            SLICE | PARTITION_A => break,
            _ => {}
        }
    }
    if recovers {
        RandomAccess::RecoveryPoint
    } else {
        RandomAccess::None
    }
}

/// Both fields of a picture lie in one sample: either may be referred to.
pub(super) fn is_referenced(sample: &[u8], length_bytes: u8) -> bool {
    let mut slices = units(sample, length_bytes)
        .filter(|unit| (SLICE..=IDR).contains(&kind(unit)))
        .peekable();
    slices.peek().is_none() || slices.any(|unit| unit[0] & 0x60 != 0)
}

/// Whether the supplemental information holds a recovery point with `recovery_frame_cnt` 0.
fn recovers_at_once(payload: &[u8]) -> bool {
    let bytes = unescaped(payload, MOST_SEI_BYTES);
    let mut rest = &bytes[..];
    while rest.len() > 2 {
        let Some((kind, length, message)) = message(rest) else {
            return false;
        };
        if kind == RECOVERY_POINT {
            // An Exp-Golomb number that begins with a 1 bit is 0.
            return message.first().is_some_and(|byte| byte & 0x80 != 0);
        }
        rest = message.get(length..).unwrap_or_default();
    }
    false
}

fn message(bytes: &[u8]) -> Option<(usize, usize, &[u8])> {
    let (kind, bytes) = number(bytes)?;
    let (length, bytes) = number(bytes)?;
    Some((kind, length, bytes))
}

/// A number as a run of 255s and a rest.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let full = bytes.iter().take_while(|&&byte| byte == 255).count();
    let last = usize::from(*bytes.get(full)?);
    Some((full * 255 + last, &bytes[full + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(units: &[&[u8]]) -> Vec<u8> {
        units
            .iter()
            .flat_map(|unit| super::super::nal::prefixed(unit, 4))
            .collect()
    }

    #[test]
    fn an_idr_is_clean_and_a_recovery_point_needs_a_fresh_decoder() {
        let delimiter = &[0x09, 0xf0][..];
        assert_eq!(
            random_access(&sample(&[delimiter, &[0x65, 1]]), 4),
            RandomAccess::Idr
        );
        let at_once = &[0x06, 5, 1, 9, 6, 1, 0xc4, 0x80][..];
        assert_eq!(
            random_access(&sample(&[at_once, &[0x41, 1]]), 4),
            RandomAccess::RecoveryPoint
        );
        let later = &[0x06, 6, 1, 0x44, 0x80][..];
        assert_eq!(
            random_access(&sample(&[later, &[0x41, 1]]), 4),
            RandomAccess::None
        );
        assert_eq!(random_access(&sample(&[&[0x41, 1]]), 4), RandomAccess::None);
        assert_eq!(random_access(&[], 4), RandomAccess::None);
    }

    #[test]
    fn a_picture_is_droppable_only_if_no_slice_of_it_is_referred_to() {
        assert!(!is_referenced(&sample(&[&[0x01, 1], &[0x01, 2]]), 4));
        assert!(is_referenced(&sample(&[&[0x21, 1], &[0x01, 2]]), 4));
        assert!(
            is_referenced(&sample(&[&[0x09, 1]]), 4),
            "nothing known: kept"
        );
    }
}
