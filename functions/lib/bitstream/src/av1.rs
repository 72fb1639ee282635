//! AV1: bitstream specification, 5.3 and 5.9.2.

mod frame_header;
mod obu;
mod references;
mod sequence_header;

pub(super) use references::SlotReader;

use obu::{FRAME, FRAME_HEADER, ObuReader, SEQUENCE_HEADER};
use sequence_header::SequenceHeader;

/// Whether the temporal unit begins with a key frame that is shown. An AV1 track in MP4 or
/// Matroska may keep its sequence header in the configuration alone.
pub(super) fn is_key(sample: &[u8]) -> bool {
    begins_with_key(ObuReader::new(sample))
}

/// The same of the beginning of one, in which not all of its frame lies.
pub(super) fn is_key_by_head(head: &[u8]) -> bool {
    begins_with_key(ObuReader::of_head(head))
}

fn begins_with_key(units: ObuReader<'_>) -> bool {
    for unit in units {
        let payload = unit.payload;
        match unit.kind {
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

/// As the first sequence header says.
pub(super) fn size(units: &[u8]) -> Option<plan::Size> {
    let mut units = ObuReader::new(units);
    let header = units.find(|unit| unit.kind == SEQUENCE_HEADER)?;
    SequenceHeader::size(header.payload)
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
        let cut_off = [&delimiter[..], &header, &[0x32, 9, 0b0001_0000]].concat();
        assert!(!is_key(&cut_off) && is_key_by_head(&cut_off));
        assert!(!is_key_by_head(&[0x32, 9, 0b0011_0000]) && !is_key_by_head(&[0x32, 9]));
    }
}
