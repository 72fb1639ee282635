//! MPEG-4 part 2 (ISO/IEC 14496-2, 6.2.5) and MPEG-2 (ISO/IEC 13818-2, 6.2.3).

/// Headers before the picture are shorter.
const MOST_HEADER_BYTES: usize = 4096;

pub(super) fn is_mpeg4_intra(sample: &[u8]) -> bool {
    after_start_code(sample, 0xb6).is_some_and(|vop| vop.first().is_some_and(|byte| byte >> 6 == 0))
}

pub(super) fn is_mpeg2_intra(sample: &[u8]) -> bool {
    let picture = after_start_code(sample, 0x00);
    picture.is_some_and(|picture| picture.get(1).is_some_and(|byte| (byte >> 3) & 7 == 1))
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
}
