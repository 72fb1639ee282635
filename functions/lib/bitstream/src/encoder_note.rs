//! What an encoder says of itself, once, at the start of H.264: ITU-T H.264, D.1.7.

use super::h264;
use super::nal::{unescaped, units};
use super::sei::messages;
use crate::Codec;

/// `user_data_unregistered`.
const UNREGISTERED: usize = 5;

/// x264 writes some 700 bytes.
const MOST_BYTES: usize = 4096;

/// The units of `sample` with user data, each behind its length, to be put before another sample of
/// the same track; empty where there are none.
///
/// Decoders read the number of x264's build in it. Builds before 151 coded 4:4:4 otherwise than the
/// standard says, and decoders decode it that way when they know: cut off from the start of the
/// stream, its pictures are garbage.
#[must_use]
pub fn encoder_note(codec: Codec, sample: &[u8]) -> Vec<u8> {
    let Codec::H264 { length_bytes } = codec else {
        return Vec::new();
    };
    let mut note = Vec::new();
    let before_pictures = |unit: &&[u8]| !h264::is_slice(unit);
    for unit in units(sample, length_bytes).take_while(before_pictures) {
        if is_user_data(unit) && note.len() + unit.len() <= MOST_BYTES {
            let length = (unit.len() as u64).to_be_bytes();
            note.extend(&length[length.len() - usize::from(length_bytes.min(8))..]);
            note.extend(unit);
        }
    }
    note
}

fn is_user_data(unit: &[u8]) -> bool {
    h264::is_supplemental(unit)
        && messages(&unescaped(&unit[1..], MOST_BYTES)).any(|message| message.kind == UNREGISTERED)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODEC: Codec = Codec::H264 { length_bytes: 2 };

    #[test]
    fn user_data_before_the_first_slice_is_kept_and_nothing_else() {
        let delimiter = [0, 2, 9, 0xf0];
        let user_data = [0, 6, 6, 5, 2, b'x', b'2', 0x80];
        let recovery = [0, 5, 6, 6, 1, 0xc4, 0x80];
        let slice = [0, 2, 0x65, 1];
        let sample = [&delimiter[..], &user_data, &recovery, &slice, &user_data].concat();
        assert_eq!(encoder_note(CODEC, &sample), user_data);
        assert_eq!(encoder_note(CODEC, &slice), Vec::<u8>::new());
        assert_eq!(encoder_note(Codec::Vp9, &sample), Vec::<u8>::new());
    }

    #[test]
    fn one_that_is_long_is_left_out() {
        let mut unit = vec![6, 5];
        unit.extend([255_u8; 20]);
        unit.push(0);
        unit.extend([1_u8; 5100]);
        let length = u16::try_from(unit.len()).unwrap().to_be_bytes();
        assert_eq!(
            encoder_note(CODEC, &[&length[..], &unit].concat()),
            Vec::<u8>::new()
        );
    }
}
