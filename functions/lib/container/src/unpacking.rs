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
                self.of_byte_stream(ps::unpacked(&stored, stream))
            }
            SamplePackaging::DataPackets { bytes } => asf::unpacked(&stored, bytes),
            SamplePackaging::ContentPackages { track } => {
                self.of_byte_stream(mxf::unpacked(&stored, track))
            }
            SamplePackaging::TransportPackets { step } => {
                self.of_byte_stream(transport::unpacked(&stored, step))
            }
        }
    }

    /// With lengths in place of start codes, where the codec has such.
    fn of_byte_stream(&self, bytes: Vec<u8>) -> Vec<u8> {
        match self.codec {
            Codec::H264 { .. } | Codec::Hevc { .. } => annex_b::length_prefixed(&bytes),
            _ => bytes,
        }
    }

    /// Whether what [`VideoTrack::unpacked`] gave shows that the sample is not where the index says.
    #[must_use]
    pub fn is_misplaced(&self, unpacked: &[u8]) -> bool {
        let is_packed = matches!(self.packaging, SamplePackaging::ContentPackages { .. });
        is_packed && unpacked.is_empty()
    }
}
