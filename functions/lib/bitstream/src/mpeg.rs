//! MPEG-4 part 2 (ISO/IEC 14496-2, 6.2.5) and MPEG-2 (ISO/IEC 13818-2, 6.2.3).

use super::annex_b::units;

/// Headers before the picture are shorter.
const MOST_HEADER_BYTES: usize = 4096;

pub(super) fn is_mpeg4_intra(sample: &[u8]) -> bool {
    after_start_code(sample, 0xb6).is_some_and(|vop| vop.first().is_some_and(|byte| byte >> 6 == 0))
}

pub(super) fn is_mpeg2_intra(sample: &[u8]) -> bool {
    let picture = after_start_code(sample, 0x00);
    picture.is_some_and(|picture| picture.get(1).is_some_and(|byte| (byte >> 3) & 7 == 1))
}

/// `picture_coding_type` of a picture that no other refers to.
pub(super) const BIDIRECTIONAL: u8 = 3;

/// What the header of an MPEG-2 picture says.
pub(super) struct Mpeg2Picture {
    /// A header of a group of pictures comes before it.
    pub(super) begins_group: bool,
    pub(super) temporal_reference: u16,
    /// `picture_coding_type`
    pub(super) kind: u8,
    /// One of two fields that are samples of their own.
    pub(super) is_field: bool,
}

impl Mpeg2Picture {
    pub(super) fn of(sample: &[u8]) -> Option<Self> {
        const WHOLE_FRAME: u8 = 3;
        let picture = after_start_code(sample, 0x00)?;
        let &[high, low, ..] = picture else {
            return None;
        };
        let structure = coding_extension(picture).map(|extension| extension[2] & 3);
        let group = after_start_code(sample, 0xb8);
        Some(Self {
            begins_group: group.is_some_and(|group| group.len() > picture.len()),
            temporal_reference: u16::from(high) << 2 | u16::from(low) >> 6,
            kind: (low >> 3) & 7,
            is_field: structure.is_some_and(|structure| structure != WHOLE_FRAME),
        })
    }
}

/// Whether it refers to others in a way that is known: ISO/IEC 11172-2, 2.4.3.4.
pub(super) fn is_usual_picture(sample: &[u8]) -> bool {
    Mpeg2Picture::of(sample).is_some_and(|picture| (1..=BIDIRECTIONAL).contains(&picture.kind))
}

/// Whether `closed_gop` is not set: ISO/IEC 13818-2, 6.3.8.
pub(super) fn is_open_group(sample: &[u8]) -> bool {
    const CLOSED: u8 = 0x40;
    let group = after_start_code(sample, 0xb8);
    let flags = group.and_then(|group| group.get(3));
    flags.is_none_or(|flags| flags & CLOSED == 0)
}

/// `picture_coding_extension`; MPEG-1 has none.
fn coding_extension(picture: &[u8]) -> Option<&[u8]> {
    const PICTURE_CODING: u8 = 8;
    let extension = after_start_code(picture, 0xb5)?;
    (extension.len() > 2 && extension[0] >> 4 == PICTURE_CODING).then_some(extension)
}

/// Whether a start code is that of a slice of MPEG-2.
pub(super) fn is_slice(code: u8) -> bool {
    (1..=0xaf).contains(&code)
}

/// Whether slices follow each other that can't be of one picture: the header of one is lost, and what
/// is left of it is taken for a part of the one before. Slices come from the top to the bottom:
/// ISO/IEC 13818-2, 6.1.2.
pub(super) fn mixes_pictures(sample: &[u8]) -> bool {
    const PICTURE: u8 = 0;
    /// Of pictures of more rows, codes begin anew.
    const MOST_ROWS: u8 = 128;
    let mut last = 0;
    for code in units(sample).map(|unit| unit[0]) {
        if is_slice(code) {
            if code < last && last < MOST_ROWS {
                return true;
            }
            last = code;
        } else if code == PICTURE {
            last = 0;
        }
    }
    false
}

/// Whether a start code is that of a picture of MPEG-4 part 2.
pub(super) fn is_plane(code: u8) -> bool {
    code == PLANE
}

/// `vop_start_code`
const PLANE: u8 = 0xb6;

/// Whether another picture may refer to this one.
pub(super) fn is_mpeg2_referenced(sample: &[u8]) -> bool {
    let picture = Mpeg2Picture::of(sample);
    picture.is_none_or(|picture| picture.kind != BIDIRECTIONAL || picture.is_field)
}

/// Whether a picture of MPEG-4 part 2 begins in `sample`.
pub(super) fn has_plane(sample: &[u8]) -> bool {
    sample.windows(4).any(|code| code == [0, 0, 1, PLANE])
}

/// Whether another picture may refer to this one, or there is another one in the sample.
pub(super) fn is_mpeg4_referenced(sample: &[u8]) -> bool {
    const BIDIRECTIONAL_PLANE: u8 = 2;
    let Some(plane) = after_start_code(sample, PLANE) else {
        return true;
    };
    let is_between = plane
        .first()
        .is_some_and(|byte| byte >> 6 == BIDIRECTIONAL_PLANE);
    !is_between || plane.windows(4).any(|code| code == [0, 0, 1, PLANE])
}

fn after_start_code(sample: &[u8], code: u8) -> Option<&[u8]> {
    let head = &sample[..sample.len().min(MOST_HEADER_BYTES)];
    let at = head
        .windows(4)
        .position(|window| window == [0, 0, 1, code])?;
    Some(&sample[at + 4..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intra_pictures_are_told_from_others() {
        assert!(is_mpeg4_intra(&[0, 0, 1, 0xb0, 1, 0, 0, 1, 0xb6, 0x10]));
        assert!(!is_mpeg4_intra(&[0, 0, 1, 0xb6, 0x50]));
        assert!(is_mpeg2_intra(&[0, 0, 1, 0xb3, 9, 0, 0, 1, 0, 0, 0x08]));
        assert!(!is_mpeg2_intra(&[0, 0, 1, 0, 0, 0x10]));
        assert!(!is_mpeg2_intra(&[0, 0, 1]));
    }

    #[test]
    fn slices_of_one_picture_come_from_the_top_to_the_bottom() {
        let sample = |codes: &[u8]| {
            let units = codes.iter().map(|&code| [0, 0, 1, code, 9]);
            mixes_pictures(&units.collect::<Vec<_>>().concat())
        };
        assert!(!sample(&[0xb3, 0xb5, 0, 0xb5, 1, 1, 2, 3, 3]));
        assert!(!sample(&[0, 1, 2, 3, 0, 1, 2, 3]), "two fields");
        assert!(!sample(&[0, 127, 128, 1, 2]), "of more than 128 rows");
        assert!(sample(&[0, 1, 2, 3, 2, 3]));
    }

    #[test]
    fn nothing_refers_to_pictures_between_two_others() {
        assert!(is_mpeg2_referenced(&[0, 0, 1, 0, 0, 0x10]));
        assert!(!is_mpeg2_referenced(&[0, 0, 1, 0, 0, 0x18]));
        let with_extension = |structure| {
            let header = [0, 0, 1, 0, 0, 0x18, 0, 0, 0, 0, 1, 0xb5, 0x8f, 0xff, 0xf0];
            let mut header = header.to_vec();
            header[14] |= structure;
            header
        };
        assert!(!is_mpeg2_referenced(&with_extension(3)));
        assert!(is_mpeg2_referenced(&with_extension(1)), "a field");
        assert!(is_mpeg4_referenced(&[0, 0, 1, 0xb6, 0x50]));
        assert!(!is_mpeg4_referenced(&[0, 0, 1, 0xb6, 0x90]));
        let packed = [0, 0, 1, 0xb6, 0x90, 0, 0, 1, 0xb6, 0x50];
        assert!(is_mpeg4_referenced(&packed), "two in one sample");
    }
}
