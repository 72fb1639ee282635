//! How the bytes of a sample lie in the file.

use crate::bitstream::annex_b;
use crate::{Codec, ts};

/// The same for all samples of a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SamplePackaging {
    /// One behind the other, as they are fed.
    #[default]
    Whole,
    /// In packets of a transport stream, so many bytes from each to the next, with those of other
    /// streams between them.
    TransportPackets {
        /// From one packet to the next.
        step: usize,
    },
}

impl SamplePackaging {
    /// The sample whose place in the file holds `stored`; of a beginning as much as that tells.
    #[must_use]
    pub fn unpacked(self, codec: Codec, stored: Vec<u8>) -> Vec<u8> {
        let Self::TransportPackets { step } = self else {
            return stored;
        };
        let bytes = ts::unpacked(&stored, step);
        match codec {
            Codec::H264 { .. } | Codec::Hevc { .. } => annex_b::length_prefixed(&bytes),
            _ => bytes,
        }
    }
}
