//! Which samples of a group are decoded, and which of their frames.
//!
//! Where the coded bytes tell what refers to what (AV1, HEVC, VP9 and VP8, and H.264 that allows gaps of
//! `frame_num`), those that the wanted pictures need, directly or through others: see
//! [`plan::AncestorFilter`]. Elsewhere all that anything may refer to.

mod ancestors;
mod referenced;
mod sample;
#[cfg(test)]
mod tests;

pub use sample::NeededSample;

use crate::{Codec, VideoTrack};
use ancestors::AncestorSamples;
use bitstream::FrameReader;
use plan::SampleGroup;
use plan::cut::ReferenceFilter;
use referenced::ReferencedSamples;
use std::collections::VecDeque;

/// How samples are chosen.
#[derive(Debug, Clone, Copy)]
pub struct SampleNeeds {
    /// Each is decoded, as by whoever decodes the whole video.
    pub keeps_all: bool,
    /// Of HEVC; 0 where unknown.
    pub temporal_layers: u8,
    /// The most bytes of samples that wait until it is known whether they are needed.
    pub held_bytes: u64,
}

/// What the HEVC configuration says of the whole track; 0 where nothing does.
#[must_use]
pub fn temporal_layers(track: &VideoTrack) -> u8 {
    match track.codec {
        Codec::Hevc { .. } if !track.has_several_descriptions() => {
            bitstream::temporal_layers(&track.entry)
        }
        _ => 0,
    }
}

/// Chooses among the samples of one group, which are given in decoding order and come back so.
#[derive(Debug)]
pub struct NeededSamples {
    wanted: ReferenceFilter,
    way: ChoosingWay,
    ready: VecDeque<NeededSample>,
}

#[derive(Debug)]
enum ChoosingWay {
    All,
    Referenced(ReferencedSamples),
    Ancestors(Box<AncestorSamples>),
}

impl NeededSamples {
    /// For the samples of `group`.
    #[must_use]
    pub fn new(track: &VideoTrack, group: &SampleGroup, needs: SampleNeeds) -> Self {
        let entry = track.entry_at(group.first);
        let referenced = || ReferencedSamples::new(track, group, needs.temporal_layers);
        let way = match FrameReader::new(track.codec, entry) {
            _ if needs.keeps_all => ChoosingWay::All,
            Some(reader) => {
                // Where references are in doubt, the least that is known.
                let otherwise = matches!(track.codec, Codec::H264 { .. }).then(referenced);
                let samples = AncestorSamples::new(reader, needs.held_bytes, otherwise);
                ChoosingWay::Ancestors(Box::new(samples))
            }
            None => ChoosingWay::Referenced(referenced()),
        };
        Self {
            wanted: group.reference_filter(),
            way,
            ready: VecDeque::new(),
        }
    }

    /// Takes the next sample.
    pub fn push(&mut self, sample: usize, bytes: Vec<u8>) {
        let Self { wanted, way, ready } = self;
        let is_wanted = wanted.keeps(sample, || false);
        let sample = NeededSample { sample, bytes };
        match way {
            ChoosingWay::All => ready.push_back(sample),
            ChoosingWay::Referenced(samples) => samples.push(sample, is_wanted, ready),
            ChoosingWay::Ancestors(samples) => samples.push(sample, is_wanted, ready),
        }
    }

    /// No sample follows.
    pub fn finish(&mut self) {
        if let ChoosingWay::Ancestors(samples) = &mut self.way {
            samples.finish(&mut self.ready);
        }
    }

    /// How many samples wait.
    #[cfg(test)]
    fn held_samples(&self) -> usize {
        match &self.way {
            ChoosingWay::Ancestors(samples) => samples.held_samples(),
            ChoosingWay::All | ChoosingWay::Referenced(_) => 0,
        }
    }

    /// The next one that is to be decoded, as far as that is known.
    pub fn take(&mut self) -> Option<NeededSample> {
        self.ready.pop_front()
    }
}
