//! Frames of Theora: the Theora specification, 7.1.

/// Whether a frame refers to no other. Its first bit is 0 as that of all frames, its second one tells.
pub(super) fn is_key(sample: &[u8]) -> bool {
    sample.first().is_some_and(|first| first & 0xc0 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_bit_tells_keyframes() {
        assert!(is_key(&[0x30, 1]));
        assert!(!is_key(&[0x70, 1]) && !is_key(&[0x80]) && !is_key(&[]));
    }
}
