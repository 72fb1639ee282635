//! H.264: ITU-T H.264, 7.3.1 and annex D.

mod loss_reach;
mod reference_window;
mod references;

pub(super) use loss_reach::{LossReach, ToldPicture};
pub(super) use references::ReferenceReader;

use super::h264_units::{IDR, PARTITION_A, SEI, SEQUENCE, SLICE};
use super::nal::{unescaped, units};
use super::random_access::RandomAccess;
use super::sei::messages;

const RECOVERY_POINT: usize = 6;

/// Enough for the messages that come before a recovery point: others are rarely long, and a
/// long one is seldom first.
const MOST_SEI_BYTES: usize = 4096;

fn kind(unit: &[u8]) -> u8 {
    unit[0] & 0x1f
}

pub(super) fn is_slice(unit: &[u8]) -> bool {
    (SLICE..=IDR).contains(&kind(unit))
}

pub(super) fn is_supplemental(unit: &[u8]) -> bool {
    kind(unit) == SEI
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
        .filter(|unit| is_slice(unit))
        .peekable();
    slices.peek().is_none() || slices.any(|unit| unit[0] & 0x60 != 0)
}

/// Whether there is a recovery point some pictures before all is recovered.
pub(super) fn recovers_later(sample: &[u8], length_bytes: u8) -> bool {
    let before = |unit: &&[u8]| !is_slice(unit);
    let mut messages = units(sample, length_bytes).take_while(before);
    messages.any(|unit| kind(unit) == SEI && recovery(&unit[1..]) == Some(Recovery::Later))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Recovery {
    AtOnce,
    Later,
}

fn recovers_at_once(payload: &[u8]) -> bool {
    recovery(payload) == Some(Recovery::AtOnce)
}

/// The recovery point in supplemental information, if there is one.
fn recovery(payload: &[u8]) -> Option<Recovery> {
    let bytes = unescaped(payload, MOST_SEI_BYTES);
    let recovery = messages(&bytes).find(|message| message.kind == RECOVERY_POINT)?;
    // `recovery_frame_cnt`: an Exp-Golomb number that begins with a 1 bit is 0.
    Some(match recovery.rest.first()? & 0x80 {
        0 => Recovery::Later,
        _ => Recovery::AtOnce,
    })
}

/// The sequence parameter set in the `avcC` box of a sample entry; none where there are several.
#[must_use]
pub fn only_parameter_set(entry: &[u8]) -> Option<&[u8]> {
    let mut sequences = parameter_sets(entry).filter(|unit| kind(unit) == SEQUENCE);
    sequences.next().filter(|_| sequences.next().is_none())
}

/// All parameter sets in the `avcC` box of a sample entry, as far as they are there: ISO/IEC
/// 14496-15, 5.3.3.1.
pub(super) fn parameter_sets(entry: &[u8]) -> impl Iterator<Item = &[u8]> {
    let at = entry.windows(4).position(|window| window == b"avcC");
    let record = at.and_then(|at| entry.get(at + 9..)).unwrap_or_default();
    let (sequences, rest) = counted(record, 0x1f);
    sequences.into_iter().chain(counted(rest, 0xff).0)
}

/// Units behind their count, of which these bits are meant, and what follows them.
fn counted(bytes: &[u8], mask: u8) -> (Vec<&[u8]>, &[u8]) {
    let Some((count, mut rest)) = bytes.split_first() else {
        return (Vec::new(), bytes);
    };
    let mut units = Vec::new();
    for _ in 0..count & mask {
        let Some((length, after)) = rest.split_first_chunk() else {
            break;
        };
        let Some((unit, after)) = after.split_at_checked(u16::from_be_bytes(*length).into()) else {
            break;
        };
        rest = after;
        units.extend((!unit.is_empty()).then_some(unit));
    }
    (units, rest)
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
        assert!(recovers_later(&sample(&[later, &[0x41, 1]]), 4));
        assert!(!recovers_later(&sample(&[at_once, &[0x41, 1]]), 4));
        assert!(!recovers_later(&sample(&[&[0x41, 1], later]), 4));
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
