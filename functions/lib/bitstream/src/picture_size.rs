//! How large pictures are shown, px, as parameter sets say it.

use super::bits::BitReader;
use super::h264_parameters::SequenceParameters;
use super::nal::unescaped;
use super::order;
use crate::Codec;
use plan::Size;

const PARAMETERS_BYTES: usize = 1024;

/// By a sequence parameter set, or a sequence header behind its start code. None of other codecs,
/// and where it is not read.
#[must_use]
pub fn picture_size(codec: Codec, set: &[u8]) -> Option<Size> {
    let size = match codec {
        Codec::H264 { .. } => of_h264(set),
        Codec::Hevc { .. } => order::hevc::size(set),
        Codec::Mpeg1 | Codec::Mpeg2 => of_mpeg2(set),
        _ => None,
    };
    size.filter(|size| size.width > 0 && size.height > 0)
}

fn of_h264(unit: &[u8]) -> Option<Size> {
    let bytes = unescaped(unit.get(1..)?, PARAMETERS_BYTES);
    let mut bits = BitReader::new(&bytes);
    SequenceParameters::read(&mut bits)?.size(&mut bits)
}

/// Of up to 4095 px a side: ISO/IEC 13818-2, 6.2.2.1. Larger ones say more in an extension, and
/// are none here.
fn of_mpeg2(header: &[u8]) -> Option<Size> {
    let mut bits = BitReader::new(header.get(1..)?);
    Some(Size {
        width: bits.number(12)?,
        height: bits.number(12)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_what_is_shown() {
        let x264 = [
            103, 100, 0, 30, 172, 217, 64, 160, 47, 249, 97, 0, 0, 3, 0, 1, 0, 0, 3, 0, 50, 15, 22,
            45, 150,
        ];
        let size = |width, height| Some(Size { width, height });
        let h264 = Codec::H264 { length_bytes: 4 };
        assert_eq!(picture_size(h264, &x264), size(640, 360));
        let header = [0xb3, 0x2d, 0x02, 0x40, 0x23];
        assert_eq!(picture_size(Codec::Mpeg2, &header), size(720, 576));
        assert_eq!(picture_size(h264, &[103]), None);
    }
}
