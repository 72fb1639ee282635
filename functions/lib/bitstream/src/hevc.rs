//! HEVC: ITU-T H.265, 7.4.2.2.

mod reference_sets;
mod references;
mod sequence;

pub(super) use references::PictureReader;

use super::hevc_units::{FIRST_RASL, LAST_IRAP, LAST_PICTURE, LAST_RASL};
use super::nal::{starts, units};

/// A clean random access picture: whoever meets it goes on counting from the pictures before it.
const CRA: u8 = 21;
/// A broken link access picture, with leading pictures of both kinds: the same coded bytes, but
/// all counting begins anew.
const BLA_W_LP: u8 = 16;

const FIRST_IRAP: u8 = 16;

fn kind(unit: &[u8]) -> u8 {
    (unit[0] >> 1) & 0x3f
}

/// `nuh_layer_id`
fn layer(unit: &[u8]) -> Option<u8> {
    Some((unit.first()? & 1) << 5 | unit.get(1)? >> 3)
}

/// None of its own temporal layer refers to it.
fn is_discardable(kind: u8) -> bool {
    kind < FIRST_IRAP && kind.is_multiple_of(2)
}

fn pictures(sample: &[u8], length_bytes: u8) -> impl Iterator<Item = &[u8]> {
    units(sample, length_bytes).filter(|unit| unit.len() > 1 && kind(unit) <= LAST_PICTURE)
}

pub(super) fn is_random_access(sample: &[u8], length_bytes: u8) -> bool {
    let first = pictures(sample, length_bytes).next();
    first.is_some_and(|unit| (FIRST_IRAP..=LAST_IRAP).contains(&kind(unit)))
}

pub(super) fn is_skipped_leading(sample: &[u8], length_bytes: u8) -> bool {
    let first = pictures(sample, length_bytes).next();
    first.is_some_and(|unit| (FIRST_RASL..=LAST_RASL).contains(&kind(unit)))
}

/// Names a picture for what it is where it no longer follows on those that it did. ITU-T H.265,
/// 8.1.3, has splicers do that; the slice headers of both types are alike.
pub(super) fn break_link(sample: &mut [u8], length_bytes: u8) {
    let starts: Vec<usize> = starts(sample, length_bytes).collect();
    for at in starts {
        let byte = &mut sample[at];
        if (*byte >> 1) & 0x3f == CRA {
            *byte = (*byte & 0x81) | BLA_W_LP << 1;
        }
    }
}

/// Pictures of the even types below 16 are referred to by none of their own temporal layer, so
/// by none at all in the highest.
pub(super) fn is_referenced(sample: &[u8], length_bytes: u8, temporal_layers: u8) -> bool {
    let mut units = pictures(sample, length_bytes).peekable();
    let refers = |unit: &[u8]| {
        let (kind, layer) = (kind(unit), unit[1] & 7);
        !is_discardable(kind) || temporal_layers == 0 || layer < temporal_layers
    };
    units.peek().is_none() || units.any(refers)
}

/// `numTemporalLayers` of the `hvcC` box within a sample entry: 0 where unknown.
/// ISO/IEC 14496-15, 8.3.3.1.
#[must_use]
pub fn temporal_layers(entry: &[u8]) -> u8 {
    let at = entry.windows(4).position(|window| window == b"hvcC");
    let byte = at.and_then(|at| entry.get(at + 4 + 21));
    byte.map_or(0, |byte| (byte >> 3) & 7)
}

#[cfg(test)]
mod tests {
    use super::super::nal::prefixed;
    use super::*;

    fn picture(kind: u8, layer: u8) -> Vec<u8> {
        prefixed(&[kind << 1, layer + 1, 0x80], 4)
    }

    #[test]
    fn idr_and_cra_begin_a_sequence_and_others_do_not() {
        for (kind, begins) in [(19, true), (20, true), (21, true), (1, false), (8, false)] {
            assert_eq!(is_random_access(&picture(kind, 0), 4), begins, "{kind}");
        }
        assert!(!is_random_access(&[], 4));
    }

    #[test]
    fn a_clean_random_access_picture_becomes_a_broken_link_and_nothing_else_does() {
        let parameters = prefixed(&[34 << 1, 1, 7], 4);
        let mut sample = [parameters.clone(), picture(21, 0), picture(21, 0)].concat();
        break_link(&mut sample, 4);
        assert_eq!(
            sample,
            [parameters, picture(16, 0), picture(16, 0)].concat()
        );
        let mut refresh = picture(19, 0);
        break_link(&mut refresh, 4);
        assert_eq!(refresh, picture(19, 0));
    }

    #[test]
    fn only_the_highest_layer_has_pictures_nobody_refers_to() {
        assert!(!is_referenced(&picture(0, 0), 4, 1));
        assert!(is_referenced(&picture(1, 0), 4, 1));
        assert!(is_referenced(&picture(0, 0), 4, 2), "a higher layer may");
        assert!(!is_referenced(&picture(0, 1), 4, 2));
        assert!(is_referenced(&picture(0, 0), 4, 0), "layers unknown");
        assert!(is_referenced(&picture(21, 0), 4, 1));
    }
}
