//! VP8 (RFC 6386, 9.1) and VP9 (bitstream specification, 6.2).

mod bool_reader;
mod vp8_header;
mod vp8_references;
mod vp9_header;
mod vp9_references;

pub(super) use vp8_references::Vp8Reader;
pub(super) use vp9_references::Vp9Reader;

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

/// How many pictures a sample of VP9 shows: those of several spatial layers lie in one sample, and
/// each is a picture. Annex B of the bitstream specification.
pub(super) fn vp9_shown(sample: &[u8]) -> usize {
    let frames = superframe(sample).unwrap_or_else(|| vec![sample]);
    frames
        .into_iter()
        .filter(|frame| is_vp9_shown(frame))
        .count()
}

/// Its frames; none where it is a single one.
fn superframe(sample: &[u8]) -> Option<Vec<&[u8]>> {
    let &marker = sample.last().filter(|&marker| marker & 0xe0 == 0xc0)?;
    let frames = usize::from(marker & 7) + 1;
    let size_bytes = usize::from(marker >> 3 & 3) + 1;
    let index_at = sample.len().checked_sub(2 + frames * size_bytes)?;
    let (mut data, index) = sample.split_at(index_at);
    let sizes = index.strip_prefix(&[marker])?.get(..frames * size_bytes)?;
    sizes
        .chunks_exact(size_bytes)
        .map(|size| {
            let bytes = size.iter().rev();
            let size = bytes.fold(0, |size, &byte| size << 8 | usize::from(byte));
            let (frame, rest) = data.split_at_checked(size)?;
            data = rest;
            Some(frame)
        })
        .collect()
}

fn is_vp9_shown(frame: &[u8]) -> bool {
    let Some(&byte) = frame.first() else {
        return false;
    };
    let bit = |nth: u8| (byte >> (7 - nth)) & 1 == 1;
    let at = if bit(2) && bit(3) { 5 } else { 4 };
    let shows_existing = bit(at);
    shows_existing || bit(at + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_of_a_superframe_are_counted() {
        let (shown, hidden, existing) = (0b1000_0110, 0b1000_0100, 0b1000_1000);
        assert_eq!(vp9_shown(&[shown, 1, 2]), 1);
        let of = |frames: [u8; 3]| {
            let sizes = [0b1100_0010, 1, 1, 1, 0b1100_0010];
            vp9_shown(&[&frames[..], &sizes].concat())
        };
        assert_eq!(of([hidden, hidden, shown]), 1);
        assert_eq!(of([shown, shown, existing]), 3);
        assert_eq!(vp9_shown(&[0b1100_0010]), 1, "cut off");
        assert_eq!(vp9_shown(&[]), 0);
    }

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
