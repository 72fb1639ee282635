//! Tracks whose samples are not all described alike: joined files, and live streams whose encoder
//! began anew on the way.

use crate::{Crop, PictureLayout, VideoTrack};
use plan::Size;

/// What a decoder has to be told before samples of one description, and what of their pictures is
/// shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleDescription {
    /// See [`VideoTrack::entry`].
    pub entry: Vec<u8>,
    /// See [`VideoTrack::coded`].
    pub coded: Size,
    /// See [`VideoTrack::crop`].
    pub crop: Option<Crop>,
    /// See [`VideoTrack::sample_aspect_ratio`].
    pub sample_aspect_ratio: Option<(u32, u32)>,
}

/// The descriptions of a track that has several.
#[derive(Debug, Clone, Default)]
pub struct DescribedSamples {
    /// Nothing where one holds for all samples.
    pub(crate) all: Vec<SampleDescription>,
    /// The sample where one begins, and which one: rising, from the first sample on.
    pub(crate) begins: Vec<(usize, usize)>,
}

impl DescribedSamples {
    fn nth(&self, sample: usize) -> Option<usize> {
        let after = self.begins.partition_point(|&(first, _)| first <= sample);
        Some(self.begins[after.checked_sub(1)?].1)
    }
}

impl VideoTrack {
    /// Whether its samples are described in several ways.
    #[must_use]
    pub fn has_several_descriptions(&self) -> bool {
        !self.described.all.is_empty()
    }

    /// The sample entry of a sample.
    #[must_use]
    pub fn entry_at(&self, sample: usize) -> &[u8] {
        let own = self.description_at(sample);
        own.map_or(&self.entry, |description| &description.entry)
    }

    /// How the pictures of a sample are laid out.
    #[must_use]
    pub fn layout_at(&self, sample: usize) -> PictureLayout {
        let whole = self.layout();
        self.description_at(sample)
            .map_or(whole, |description| PictureLayout {
                coded: description.coded,
                crop: description.crop,
                sample_aspect_ratio: description.sample_aspect_ratio,
                // It is that of one of several at best.
                track_header_size: None,
                ..whole
            })
    }

    /// Whether another description begins after `last` and not after `first`, a later sample: they
    /// are not for one decoder.
    #[must_use]
    pub fn changes_description(&self, last: usize, first: usize) -> bool {
        let until = |sample| {
            let begins = &self.described.begins;
            begins.partition_point(|&(begin, _)| begin <= sample)
        };
        until(last) < until(first)
    }

    fn description_at(&self, sample: usize) -> Option<&SampleDescription> {
        self.described.all.get(self.described.nth(sample)?)
    }
}
