//! How a coded picture itself says that it is to be turned: the display orientation message of
//! ITU-T H.264, D.1.27, and H.265, D.2.17.
//!
//! It stands in the access units that begin a coded video sequence and is true of all of that.
//! Decoders tell it of those pictures alone, so that it is read here.

use super::nal::{kept, unescaped, units};
use super::sei::messages;
use crate::Codec;

const H264_SEI: u8 = 6;
const HEVC_PREFIX_SEI: u8 = 39;
const DISPLAY_ORIENTATION: usize = 47;

/// Messages before it are short.
const MOST_SEI_BYTES: usize = 4096;

/// One, and what a display matrix of MP4 calls so.
const ONE: i32 = 1 << 16;

/// The display matrix that `sample`, which begins a sequence, asks for, as `tkhd` has it. None
/// where it asks for none, or for anything but quarter turns and mirroring.
#[must_use]
pub fn display_orientation(codec: Codec, sample: &[u8]) -> Option<[i32; 9]> {
    find(codec, sample).and_then(|found| orientation_matrix(&found.message))
}

/// The first display matrix that a picture of a byte stream asks for (ITU-T H.264 and H.265, annex
/// B: units behind start codes), in whatever container `bytes` are. `codec` says which of the two
/// it is.
#[must_use]
pub fn display_orientation_in_stream(codec: Codec, bytes: &[u8]) -> Option<[i32; 9]> {
    let header_bytes = header_bytes(codec)?;
    let is_start = |window: &[u8]| window == [0, 0, 1];
    let starts = bytes
        .windows(3)
        .enumerate()
        .filter(|(_, window)| is_start(window));
    let mut found = starts.filter_map(|(at, _)| {
        let unit = bytes.get(at + 3..).filter(|unit| !unit.is_empty())?;
        let payload = unit.get(header_bytes..).filter(|_| is_sei(codec, unit))?;
        // Each byte is looked at once, however many units there are.
        let next = payload.windows(3).position(is_start);
        in_messages(&payload[..next.unwrap_or(payload.len())], 0)
    });
    found.find_map(|found| orientation_matrix(&found.message))
}

fn header_bytes(codec: Codec) -> Option<usize> {
    match codec {
        Codec::H264 { .. } => Some(1),
        Codec::Hevc { .. } => Some(2),
        _ => None,
    }
}

fn is_sei(codec: Codec, unit: &[u8]) -> bool {
    match codec {
        Codec::H264 { .. } => unit[0] & 0x1f == H264_SEI,
        _ => (unit[0] >> 1) & 0x3f == HEVC_PREFIX_SEI,
    }
}

/// Makes the messages of `sample` ones that decoders pass over. Not all bear with one beside the
/// matrix of a container, which says the same.
pub fn drop_display_orientation(codec: Codec, sample: &mut [u8]) {
    while let Some(found) = find(codec, sample) {
        sample[found.kind_at] = UNASSIGNED;
    }
}

/// A kind of message that means nothing.
const UNASSIGNED: u8 = 127;

struct FoundMessage {
    /// Where in the sample its kind is stated.
    kind_at: usize,
    message: [u8; 3],
}

fn find(codec: Codec, sample: &[u8]) -> Option<FoundMessage> {
    let (Codec::H264 { length_bytes } | Codec::Hevc { length_bytes }) = codec else {
        return None;
    };
    let header_bytes = header_bytes(codec)?;
    let whole = sample.as_ptr().addr();
    units(sample, length_bytes)
        .filter(|unit| is_sei(codec, unit))
        .filter_map(|unit| unit.get(header_bytes..))
        .find_map(|payload| in_messages(payload, payload.as_ptr().addr() - whole))
}

/// `payload` begins at `begin` in its sample.
fn in_messages(payload: &[u8], begin: usize) -> Option<FoundMessage> {
    let bytes = unescaped(payload, MOST_SEI_BYTES);
    let found = messages(&bytes).find(|message| message.kind == DISPLAY_ORIENTATION)?;
    let (place, _) = kept(payload).nth(found.kind_at)?;
    Some(FoundMessage {
        kind_at: begin + place,
        message: *found.rest.first_chunk()?,
    })
}

/// The display matrix that a message of so much asks for: `cancel_flag`, `hor_flip`, `ver_flip`,
/// then 16 bits of `anticlockwise_rotation`. Mirroring comes first. None as of
/// [`display_orientation`].
#[must_use]
pub fn orientation_matrix(message: &[u8; 3]) -> Option<[i32; 9]> {
    let bits = u32::from_be_bytes([0, message[0], message[1], message[2]]);
    let flag = |nth: u32| (bits >> (23 - nth)) & 1 == 1;
    if flag(0) {
        return None;
    }
    let rotation = (bits >> 5) & 0xffff;
    // Rows give where a step to the right, and a step down, lead on the screen.
    let [right, down] = match rotation {
        0 => [(ONE, 0), (0, ONE)],
        0x4000 => [(0, -ONE), (ONE, 0)],
        0x8000 => [(-ONE, 0), (0, -ONE)],
        0xc000 => [(0, ONE), (-ONE, 0)],
        _ => return None,
    };
    let mirrored = |(x, y): (i32, i32), is_mirrored| if is_mirrored { (-x, -y) } else { (x, y) };
    let (right, down) = (mirrored(right, flag(1)), mirrored(down, flag(2)));
    let is_upright = (right, down) == ((ONE, 0), (0, ONE));
    (!is_upright).then_some([right.0, right.1, 0, down.0, down.1, 0, 0, 0, 1 << 30])
}

#[cfg(test)]
mod tests {
    use super::super::nal::prefixed;
    use super::*;

    const H264: Codec = Codec::H264 { length_bytes: 4 };
    const HEVC: Codec = Codec::Hevc { length_bytes: 4 };

    /// Of these flags and this rotation, followed by a repetition period.
    fn message(cancel: bool, flips: (bool, bool), rotation: u32) -> Vec<u8> {
        let flags = u32::from(cancel) << 2 | u32::from(flips.0) << 1 | u32::from(flips.1);
        let bits = (flags << 21 | rotation << 5 | 0b01000).to_be_bytes();
        [&[47, 3][..], &bits[1..], &[0x80]].concat()
    }

    fn of(message: &[u8]) -> Option<[i32; 4]> {
        let unit = [&[6][..], &[5, 1, 9], message].concat();
        let sample = [prefixed(&unit, 4), prefixed(&[0x65, 1], 4)].concat();
        let found = display_orientation(H264, &sample);
        let unit = [&[39 << 1, 1][..], message].concat();
        assert_eq!(display_orientation(HEVC, &prefixed(&unit, 4)), found);
        found.map(|matrix| [matrix[0], matrix[1], matrix[3], matrix[4]])
    }

    #[test]
    fn turns_and_mirrors_are_those_of_a_display_matrix() {
        let no = (false, false);
        assert_eq!(of(&message(false, no, 0x4000)), Some([0, -ONE, ONE, 0]));
        assert_eq!(of(&message(false, no, 0x8000)), Some([-ONE, 0, 0, -ONE]));
        assert_eq!(of(&message(false, no, 0xc000)), Some([0, ONE, -ONE, 0]));
        let mirrored = message(false, (true, false), 0);
        assert_eq!(of(&mirrored), Some([-ONE, 0, 0, ONE]));
        for nothing in [
            message(false, no, 0),
            message(true, no, 0x4000),
            message(false, no, 0x1234),
        ] {
            assert_eq!(of(&nothing), None);
        }
        assert_eq!(display_orientation(H264, &[0, 0, 0, 9, 6, 47]), None);
    }

    #[test]
    fn a_byte_stream_is_searched_for_its_first_message() {
        let unit = [&[0, 0, 1, 6][..], &message(false, (false, false), 0xc000)].concat();
        let stream = [&[0x47, 9, 0, 0, 1, 9, 0xf0][..], &unit, &[0, 0, 1, 0x65]].concat();
        let found = display_orientation_in_stream(H264, &stream).unwrap();
        assert_eq!((found[1], found[3]), (ONE, -ONE));
        assert_eq!(display_orientation_in_stream(H264, &stream[..9]), None);
        assert_eq!(display_orientation_in_stream(Codec::Vp9, &stream), None);
    }

    #[test]
    fn a_message_that_is_dropped_is_another_one_and_nothing_else_changes() {
        // Behind one with an escaped byte in it.
        let before = [5, 4, 0, 0, 3, 0, 9];
        let unit = [&[6][..], &before, &message(false, (false, false), 0x4000)].concat();
        let whole = [prefixed(&unit, 4), prefixed(&[0x65, 1], 4)].concat();
        let mut dropped = whole.clone();
        drop_display_orientation(H264, &mut dropped);
        assert_eq!(display_orientation(H264, &dropped), None);
        let changed: Vec<usize> = (0..whole.len())
            .filter(|&at| whole[at] != dropped[at])
            .collect();
        assert_eq!(changed, [4 + 1 + before.len()]);
        assert_eq!((whole[12], dropped[12]), (47, UNASSIGNED));
    }
}
