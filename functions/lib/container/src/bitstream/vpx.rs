//! VP8 (RFC 6386, 9.1) and VP9 (bitstream specification, 6.2).

pub(super) fn is_vp8_key(sample: &[u8]) -> bool {
    sample.len() >= 10 && sample[0] & 1 == 0 && sample[3..6] == [0x9d, 0x01, 0x2a]
}

pub(super) fn is_vp9_key(sample: &[u8]) -> bool {
    let Some(&byte) = sample.first() else {
        return false;
    };
    let bit = |nth: u8| (byte >> (7 - nth)) & 1;
    let has_marker = (bit(0), bit(1)) == (1, 0);
    // Profile 3 has one more bit before `show_existing_frame` and `frame_type`.
    let at = if (bit(2), bit(3)) == (1, 1) { 5 } else { 4 };
    has_marker && bit(at) == 0 && bit(at + 1) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_from_others() {
        assert!(is_vp9_key(&[0b1000_0010]) && !is_vp9_key(&[0b1000_0110]));
        assert!(!is_vp9_key(&[0b1000_1010]), "shows a frame decoded before");
        assert!(is_vp9_key(&[0b1011_0000]) && !is_vp9_key(&[0b1011_0010]));
        let key = [0x10, 0, 0, 0x9d, 0x01, 0x2a, 0, 0, 0, 0];
        assert!(is_vp8_key(&key) && !is_vp8_key(&key[..9]));
        assert!(!is_vp8_key(&[0x11, 0, 0, 0x9d, 0x01, 0x2a, 0, 0, 0, 0]));
    }
}
