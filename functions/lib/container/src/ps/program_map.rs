//! What a program stream map says that its streams are: ISO/IEC 13818-1, 2.5.4.

use super::coding::VideoCoding;
use crate::ts::SoundCoding;

/// The types of streams by their numbers, as far as they lie whole in the body of a map.
pub(super) fn stream_types(body: &[u8]) -> Vec<(u8, u8)> {
    let mut types = Vec::new();
    let Some((_, mut rest)) = counted(body.get(2..).unwrap_or_default()) else {
        return types;
    };
    // How long the table is.
    rest = counted(rest).map_or(&[][..], |(table, _)| table);
    while let Some((&[kind, stream], described)) = rest.split_first_chunk() {
        types.push((stream, kind));
        let Some((_, next)) = counted(described) else {
            break;
        };
        rest = next;
    }
    types
}

/// What lies behind its length, and what follows that.
fn counted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(u16::from_be_bytes(length).into())
}

/// None of what is not read here.
pub(super) fn video_coding(kind: u8) -> Option<VideoCoding> {
    match kind {
        0x01 | 0x02 => Some(VideoCoding::Mpeg),
        0x1b => Some(VideoCoding::H264),
        0x24 => Some(VideoCoding::Hevc),
        _ => None,
    }
}

pub(super) fn sound_coding(kind: u8) -> SoundCoding {
    match kind {
        0x03 | 0x04 => SoundCoding::Mpeg,
        0x0f => SoundCoding::Adts,
        0x81 => SoundCoding::Ac3,
        _ => SoundCoding::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_names_streams_behind_what_it_says_of_the_program() {
        let body = [
            0xe0, 0xff, 0, 2, 9, 9, 0, 11, 0x1b, 0xe0, 0, 3, 7, 7, 7, 0x90, 0xc0, 0, 0, 1, 2, 3, 4,
        ];
        assert_eq!(stream_types(&body), [(0xe0, 0x1b), (0xc0, 0x90)]);
        for length in 0..body.len() {
            assert!(stream_types(&body[..length]).len() <= 2);
        }
    }
}
