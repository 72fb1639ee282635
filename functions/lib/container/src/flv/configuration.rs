//! The decoder's configuration: `avcC`, ISO/IEC 14496-15, 5.3.3.1.

use crate::bitstream::h264_sequence;
use crate::bitstream::picture_size::picture_size;
use crate::fmp4::boxed;
use crate::visual_entry::{nal_length_bytes, visual_entry};
use crate::{Codec, IndexError, SampleDescription};

const DAMAGED: IndexError = IndexError::Unsupported("its decoder configuration is damaged");

/// What an MP4 says of the same video.
pub(super) fn described(record: &[u8]) -> Result<(Codec, SampleDescription), IndexError> {
    let length_bytes = nal_length_bytes(record, 4).ok_or(DAMAGED)?;
    let codec = Codec::H264 { length_bytes };
    let record = boxed(*b"avcC", &[record]);
    let sequence = h264_sequence(&record).ok_or(DAMAGED)?;
    let coded = picture_size(codec, sequence).ok_or(DAMAGED)?;
    let description = SampleDescription {
        entry: visual_entry(*b"avc1", coded, &[&record]),
        coded,
        crop: None,
        sample_aspect_ratio: None,
    };
    Ok((codec, description))
}
