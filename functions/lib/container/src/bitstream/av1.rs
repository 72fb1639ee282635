//! AV1: bitstream specification, 5.3 and 5.9.2.

const SEQUENCE_HEADER: u8 = 1;
const FRAME_HEADER: u8 = 3;
const FRAME: u8 = 6;

/// Whether the temporal unit begins with a key frame that is shown. An AV1 track in MP4 or
/// Matroska may keep its sequence header in the configuration alone.
pub(super) fn is_key(sample: &[u8]) -> bool {
    for (kind, payload) in units(sample) {
        match kind {
            SEQUENCE_HEADER => {
                // `still_picture` and `reduced_still_picture_header`: one frame, a key.
                let reduced = payload.first().is_some_and(|byte| byte & 0x08 != 0);
                if reduced {
                    return true;
                }
            }
            FRAME | FRAME_HEADER => {
                // show_existing_frame 0, frame_type 0 (2 bits), show_frame 1.
                return payload.first().is_some_and(|byte| byte >> 4 == 0b0001);
            }
            _ => {}
        }
    }
    false
}

fn units(mut sample: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let (&header, rest) = sample.split_first()?;
        let has_extension = header & 4 != 0;
        let rest = rest.get(usize::from(has_extension)..)?;
        let (length, rest) = if header & 2 == 0 {
            (rest.len(), rest)
        } else {
            leb128(rest)?
        };
        let (payload, rest) = rest.split_at_checked(length)?;
        sample = rest;
        Some(((header >> 3) & 15, payload))
    })
}

fn leb128(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0_u64;
    for (nth, &byte) in bytes.iter().take(8).enumerate() {
        value |= u64::from(byte & 0x7f) << (nth * 7);
        if byte & 0x80 == 0 {
            return Some((usize::try_from(value).ok()?, &bytes[nth + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_key_frame_is_told_from_others() {
        let delimiter = [0x12, 0x00];
        let header = [0x0a, 0x02, 0x00, 0x00];
        let frame = |first: u8| [&delimiter[..], &header, &[0x32, 0x01, first]].concat();
        assert!(is_key(&frame(0b0001_0000)));
        assert!(!is_key(&frame(0b0000_0000)), "not shown");
        assert!(!is_key(&frame(0b0011_0000)), "an inter frame");
        assert!(!is_key(&frame(0b1000_0000)), "shows a frame decoded before");
        assert!(!is_key(&[0x32, 0xff, 0xff]));
    }
}
