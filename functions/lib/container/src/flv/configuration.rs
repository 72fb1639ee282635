//! The decoder's configuration: `avcC` and `hvcC`, ISO/IEC 14496-15, 5.3.3.1 and 8.3.3.1; `av1C`, AV1
//! Codec ISO Media File Format Binding, 2.3.

use super::video_tag::VideoCoding;
use crate::fmp4::boxed;
use crate::visual_entry::{nal_length_bytes, visual_entry};
use crate::{Codec, IndexError, SampleDescription};
use bitstream::picture_size::picture_size;
use bitstream::{av1_size, h264_sequence, hevc_sequence};

const DAMAGED: IndexError = IndexError::Unsupported("its decoder configuration is damaged");
const AV1_HEADER_BYTES: usize = 4;

/// What an MP4 says of the same video.
pub(super) fn described(
    coding: VideoCoding,
    record: &[u8],
) -> Result<(Codec, SampleDescription), IndexError> {
    let of_units = |at| nal_length_bytes(record, at).ok_or(DAMAGED);
    let (codec, kind, name) = match coding {
        VideoCoding::H264 => {
            let length_bytes = of_units(4)?;
            (Codec::H264 { length_bytes }, b"avc1", b"avcC")
        }
        VideoCoding::Hevc => {
            let length_bytes = of_units(21)?;
            (Codec::Hevc { length_bytes }, b"hev1", b"hvcC")
        }
        VideoCoding::Av1 => (Codec::Av1, b"av01", b"av1C"),
    };
    let configuration = boxed(*name, &[record]);
    let coded = match coding {
        VideoCoding::H264 => {
            h264_sequence(&configuration).and_then(|sequence| picture_size(codec, sequence))
        }
        VideoCoding::Hevc => {
            hevc_sequence(&configuration).and_then(|sequence| picture_size(codec, sequence))
        }
        VideoCoding::Av1 => record.get(AV1_HEADER_BYTES..).and_then(av1_size),
    };
    let coded = coded.ok_or(DAMAGED)?;
    let description = SampleDescription {
        entry: visual_entry(*kind, coded, &[&configuration]),
        coded,
        crop: None,
        sample_aspect_ratio: None,
    };
    Ok((codec, description))
}
