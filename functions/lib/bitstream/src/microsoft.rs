//! Microsoft's own MPEG-4 and Windows Media Video 7 to 9, as far as the beginning of a picture tells
//! whether decoding can begin with it. Of version 9, of which VC-1 was made: SMPTE 421M, 7.1.1 and
//! annex J.

use super::bits::BitReader;
use crate::MicrosoftCodec;

/// Of the first version alone, before what all have in common.
const START_CODE: u32 = 0x100;

/// Whether nothing of the picture before is needed.
pub(super) fn is_key(codec: MicrosoftCodec, sample: &[u8]) -> bool {
    let bits = &mut BitReader::new(sample);
    picture_is_key(codec, bits).unwrap_or(false)
}

fn picture_is_key(codec: MicrosoftCodec, bits: &mut BitReader<'_>) -> Option<bool> {
    const INTRA: u32 = 0;
    match codec {
        MicrosoftCodec::Mpeg4V1 => {
            const FRAME_NUMBER_BITS: usize = 5;
            let is_start = bits.number(32)? == START_CODE;
            bits.skip(FRAME_NUMBER_BITS)?;
            Some(is_start && bits.number(2)? == INTRA)
        }
        MicrosoftCodec::Mpeg4V2 | MicrosoftCodec::Mpeg4V3 | MicrosoftCodec::Wmv1 => {
            Some(bits.number(2)? == INTRA)
        }
        MicrosoftCodec::Wmv2 => Some(bits.number(1)? == INTRA),
        MicrosoftCodec::Wmv3 { bits_before_type } => {
            bits.skip(bits_before_type.into())?;
            Some(bits.number(1)? == INTRA)
        }
    }
}

/// What the sequence header of version 9 says, where no picture of it is shown in another order than
/// it is decoded: without B pictures, in the simple or the main profile.
#[must_use]
pub fn wmv3(sequence: &[u8]) -> Option<MicrosoftCodec> {
    const MAIN_PROFILE: u32 = 1;
    const FRAME_COUNT_BITS: u8 = 2;
    let bits = &mut BitReader::new(sequence);
    let profile = bits.number(2)?;
    // Another arrangement of chroma, and pictures that are made of others.
    let is_odd = bits.number(2)? != 0;
    // What filters and transforms there are: none of it stands before a picture's type.
    bits.skip(20)?;
    let has_range_reduction = bits.flag()?;
    let between = bits.number(3)?;
    // Of the quantizer.
    bits.skip(2)?;
    let has_interpolation = bits.flag()?;
    let is_simple = profile <= MAIN_PROFILE && !is_odd && between == 0;
    is_simple.then_some(MicrosoftCodec::Wmv3 {
        bits_before_type: FRAME_COUNT_BITS
            + u8::from(has_range_reduction)
            + u8::from(has_interpolation),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bits_of;

    #[test]
    fn a_sequence_header_tells_where_the_type_of_a_picture_is() {
        let plain = wmv3(&[0x4d, 0xf1, 0x08, 0x01, 0]);
        assert_eq!(
            plain,
            Some(MicrosoftCodec::Wmv3 {
                bits_before_type: 2
            })
        );
        let all = wmv3(&bits_of("0100 1101 1111 0001 0000 1000 1000 0011"));
        assert_eq!(
            all,
            Some(MicrosoftCodec::Wmv3 {
                bits_before_type: 4
            })
        );
    }

    #[test]
    fn pictures_that_may_be_reordered_or_stand_for_others_are_none_of_it() {
        for (what, header) in [
            ("between others", "0100 1101 1111 0001 0000 1000 0001 0001"),
            ("of others", "0101 1101 1111 0001 0000 1000 0000 0001"),
            ("advanced", "1100 1101 1111 0001 0000 1000 0000 0001"),
            ("cut off", "0100 1101 1111 0001 0000 1000"),
        ] {
            assert_eq!(wmv3(&bits_of(header)), None, "{what}");
        }
    }

    #[test]
    fn decoding_begins_with_what_refers_to_nothing() {
        let key = |codec, bits: &str| is_key(codec, &bits_of(bits));
        let start = "0000 0000 0000 0000 0000 0001 0000 0000";
        for (codec, before) in [
            (MicrosoftCodec::Mpeg4V1, format!("{start} 10110")),
            (MicrosoftCodec::Mpeg4V3, String::new()),
            (
                MicrosoftCodec::Wmv3 {
                    bits_before_type: 3,
                },
                "101".to_owned(),
            ),
        ] {
            assert!(key(codec, &format!("{before} 00 1111111111")), "{codec:?}");
            assert!(!key(codec, &format!("{before} 11 1111111111")), "{codec:?}");
        }
        let other = start.replace("0001 ", "0010 ");
        assert!(!key(MicrosoftCodec::Mpeg4V1, &format!("{other} 10110 00")));
        assert!(key(MicrosoftCodec::Wmv2, "0111 1111"));
        assert!(!key(MicrosoftCodec::Wmv2, "1000 0000"));
        assert!(!is_key(MicrosoftCodec::Wmv2, &[]));
    }
}
