//! Readers of references, by codec.

use super::coded_frames::CodedFrames;
use super::{av1, hevc};
use crate::Codec;

/// Reads what the samples of a group refer to, in decoding order.
#[derive(Debug)]
pub struct FrameReader(CodecReader);

#[derive(Debug)]
enum CodecReader {
    Av1(av1::SlotReader),
    Hevc(hevc::PictureReader),
}

impl FrameReader {
    /// For a track with this sample entry; none where what is referred to is not read.
    #[must_use]
    pub fn new(codec: Codec, entry: &[u8]) -> Option<Self> {
        match codec {
            Codec::Av1 => Some(Self(CodecReader::Av1(av1::SlotReader::new(entry)))),
            Codec::Hevc { length_bytes } => {
                let reader = hevc::PictureReader::new(entry, length_bytes)?;
                Some(Self(CodecReader::Hevc(reader)))
            }
            _ => None,
        }
    }

    /// Of the next sample. None where it is not told, and then nothing that follows is.
    pub fn next(&mut self, sample: &[u8]) -> Option<CodedFrames> {
        match &mut self.0 {
            CodecReader::Av1(reader) => reader.next(sample),
            CodecReader::Hevc(reader) => reader.next(sample),
        }
    }
}
