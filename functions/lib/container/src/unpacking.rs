//! Samples taken out of what they are packed in.

use crate::{Codec, SamplePackaging, VideoTrack, asf, mxf, ogg, ps, transport};
use bitstream::{annex_b, prores};

impl VideoTrack {
    /// The bytes of a sample, or of its beginning, as they are fed: `stored` is what its place in
    /// the file holds.
    #[must_use]
    pub fn unpacked(&self, stored: Vec<u8>) -> Vec<u8> {
        match self.packaging {
            SamplePackaging::Whole => stored,
            SamplePackaging::BareProRes => prores::named(stored),
            SamplePackaging::OggPages { serial } => ogg::unpacked(stored, serial),
            SamplePackaging::ProgramPackets { stream } => {
                self.without_start_codes(ps::unpacked(&stored, stream))
            }
            SamplePackaging::DataPackets { bytes } => asf::unpacked(&stored, bytes),
            SamplePackaging::ContentPackages { track } => mxf::unpacked(&stored, track),
            SamplePackaging::TransportPackets { step } => {
                self.without_start_codes(transport::unpacked(&stored, step))
            }
        }
    }

    /// Whether what [`VideoTrack::unpacked`] gave shows that the sample is not where the index says.
    #[must_use]
    pub fn is_misplaced(&self, unpacked: &[u8]) -> bool {
        let is_packed = matches!(self.packaging, SamplePackaging::ContentPackages { .. });
        is_packed && unpacked.is_empty()
    }

    /// Units of a byte stream as an MP4 of this codec stores them.
    fn without_start_codes(&self, bytes: Vec<u8>) -> Vec<u8> {
        match self.codec {
            Codec::H264 { .. } | Codec::Hevc { .. } => annex_b::length_prefixed(&bytes),
            _ => bytes,
        }
    }
}
