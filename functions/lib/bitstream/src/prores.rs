//! ProRes: SMPTE RDD 36.

/// Of the frame header's matrix code: after size and name of the frame, size and version of the
/// header, creator, width, height, flags, aspect ratio, primaries and transfer. RDD 36, 5.1.
const MATRIX_AT: usize = 24;
const NAME: &[u8] = b"icpf";

/// What ITU-T H.273 says nothing is known by.
const UNSPECIFIED: u8 = 2;
const RESERVED: u8 = 3;
/// The last code of ITU-T H.273, table 4, that decoders know.
const LAST: u8 = 17;

/// A frame with its size and name before it, as decoders want it. Some writers leave them there.
#[must_use]
pub fn named(frame: Vec<u8>) -> Vec<u8> {
    if frame.get(4..8) == Some(NAME) {
        return frame;
    }
    let bytes = u32::try_from(frame.len() + 8).unwrap_or(u32::MAX);
    [&bytes.to_be_bytes(), NAME, &frame].concat()
}

/// Other decoders take reserved codes for unspecified; that of ProRes passes them on, and ffmpeg
/// from 7.1 on then refuses every frame before any filter of ours can help.
pub(super) fn drop_reserved_matrix(sample: &mut [u8]) {
    if sample.get(4..8) != Some(NAME) {
        return;
    }
    if let Some(matrix) = sample.get_mut(MATRIX_AT)
        && (*matrix == RESERVED || *matrix > LAST)
    {
        *matrix = UNSPECIFIED;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_gets_its_name_once() {
        let whole = named(vec![0, 20, 1, 2]);
        assert_eq!(whole, b"\0\0\0\x0cicpf\0\x14\x01\x02");
        assert_eq!(named(whole.clone()), whole);
        assert_eq!(named(Vec::new()).len(), 8);
    }

    #[test]
    fn reserved_codes_become_unspecified_and_others_stay() {
        for (code, left) in [
            (0, 0),
            (1, 1),
            (3, 2),
            (14, 14),
            (17, 17),
            (18, 2),
            (255, 2),
        ] {
            let mut frame = [&[0, 0, 1, 0][..], NAME, &[7; 20]].concat();
            frame[MATRIX_AT] = code;
            let before = frame.clone();
            drop_reserved_matrix(&mut frame);
            assert_eq!(frame[MATRIX_AT], left);
            assert_eq!(frame[..MATRIX_AT], before[..MATRIX_AT]);
            assert_eq!(frame[MATRIX_AT + 1..], before[MATRIX_AT + 1..]);
        }
    }

    #[test]
    fn other_and_short_samples_stay_as_they_are() {
        for bytes in [&b""[..], b"\0\0\0\x08icpf", &[255; 40]] {
            let mut sample = bytes.to_vec();
            drop_reserved_matrix(&mut sample);
            assert_eq!(sample, bytes);
        }
    }
}
