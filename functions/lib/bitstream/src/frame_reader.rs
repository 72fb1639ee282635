//! Readers of references, by codec.

use super::coded_frames::CodedFrames;
use super::{av1, h264, hevc, vpx};
use crate::Codec;

/// Reads what the samples of a group refer to, in decoding order.
#[derive(Debug)]
pub struct FrameReader(CodecReader);

#[derive(Debug)]
enum CodecReader {
    Av1(av1::SlotReader),
    H264(h264::ReferenceReader),
    Hevc(hevc::PictureReader),
    Vp8(vpx::Vp8Reader),
    Vp9(vpx::Vp9Reader),
}

impl FrameReader {
    /// For a track with this sample entry; none where what is referred to is not read.
    #[must_use]
    pub fn new(codec: Codec, entry: &[u8]) -> Option<Self> {
        match codec {
            Codec::Av1 => Some(Self(CodecReader::Av1(av1::SlotReader::new(entry)))),
            Codec::H264 { length_bytes } => {
                let reader = h264::ReferenceReader::new(entry, length_bytes)?;
                Some(Self(CodecReader::H264(reader)))
            }
            Codec::Hevc { length_bytes } => {
                let reader = hevc::PictureReader::new(entry, length_bytes)?;
                Some(Self(CodecReader::Hevc(reader)))
            }
            Codec::Vp8 => Some(Self(CodecReader::Vp8(vpx::Vp8Reader::default()))),
            Codec::Vp9 => Some(Self(CodecReader::Vp9(vpx::Vp9Reader::default()))),
            _ => None,
        }
    }

    /// Of the next sample. None where it is not told, and then nothing that follows is.
    pub fn next(&mut self, sample: &[u8]) -> Option<CodedFrames> {
        match &mut self.0 {
            CodecReader::Av1(reader) => reader.next(sample),
            CodecReader::H264(reader) => reader.next(sample),
            CodecReader::Hevc(reader) => reader.next(sample),
            CodecReader::Vp8(reader) => reader.next(sample),
            CodecReader::Vp9(reader) => reader.next(sample),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Each behind its length, as the fuzz target reads them: the entry, then samples.
    fn parts(seed: &[u8]) -> Vec<Vec<u8>> {
        let (mut rest, mut parts) = (&seed[1..], Vec::new());
        while let Some((length, after)) = rest.split_first_chunk() {
            let length = usize::from(u16::from_be_bytes(*length) & 0x7fff);
            let (part, after) = after.split_at(length);
            parts.push(part.to_vec());
            rest = after;
        }
        parts
    }

    const AV1: &[u8] = include_bytes!("../../container/fuzz/seeds/references/libsvtav1");
    const H264: &[u8] = include_bytes!("../../container/fuzz/seeds/references/openh264-3");
    const HEVC: &[u8] = include_bytes!("../../container/fuzz/seeds/references/libx265-4");
    const VP8: &[u8] = include_bytes!("../../container/fuzz/seeds/references/libvpx-vp8");
    const VP9: &[u8] = include_bytes!("../../container/fuzz/seeds/references/libvpx-vp9");

    const STREAMS: [(Codec, &[u8]); 5] = [
        (Codec::Av1, AV1),
        (Codec::H264 { length_bytes: 4 }, H264),
        (Codec::Hevc { length_bytes: 4 }, HEVC),
        (Codec::Vp8, VP8),
        (Codec::Vp9, VP9),
    ];

    /// How many samples are told.
    fn told(codec: Codec, parts: &[Vec<u8>]) -> usize {
        let Some(mut reader) = FrameReader::new(codec, &parts[0]) else {
            return 0;
        };
        let told = parts[1..].iter().map_while(|sample| {
            let found = reader.next(sample)?;
            let places = found.pieces.iter().map(|piece| piece.place.clone());
            let bytes: Vec<usize> = places.flatten().collect();
            assert!(bytes.into_iter().eq(0..sample.len()), "all of it, in order");
            Some(())
        });
        told.count()
    }

    #[test]
    fn all_samples_of_whole_streams_are_told() {
        for (codec, seed) in STREAMS {
            let parts = parts(seed);
            assert_eq!(told(codec, &parts), parts.len() - 1, "{codec:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(
            stream in 0..STREAMS.len(),
            flips in prop::collection::vec((any::<prop::sample::Index>(), 0..8_u32), 1..6),
        ) {
            let (codec, seed) = STREAMS[stream];
            let mut parts = parts(seed);
            for (nth, (at, bit)) in flips.into_iter().enumerate() {
                // Headers are at the beginning.
                let part = nth % 2 * at.index(parts.len());
                let bytes = &mut parts[part];
                if bytes.is_empty() {
                    // There is no sample entry of these.
                    continue;
                }
                let most = bytes.len().min(if part > 0 { 12 } else { usize::MAX });
                bytes[at.index(most)] ^= 1 << bit;
            }
            told(codec, &parts);
        }
    }
}
