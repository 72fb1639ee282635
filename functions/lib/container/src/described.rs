//! Tracks whose samples are not all described alike: joined files, and live streams whose encoder
//! began anew on the way.

use plan::{Crop, Size};

/// What a decoder has to be told before samples of one description, and what of their pictures is
/// shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleDescription {
    /// As a track's own.
    pub entry: Vec<u8>,
    /// As coded, px.
    pub coded: Size,
    /// What of the coded picture is shown.
    pub crop: Option<Crop>,
    /// Shape of a pixel, width to height, where the container says so.
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
    /// That of a sample; none where there is but one.
    pub(crate) fn at(&self, sample: usize) -> Option<&SampleDescription> {
        let (_, nth) = self.begins.get(self.begun(sample).checked_sub(1)?)?;
        self.all.get(*nth)
    }

    /// How many have begun with a sample, or before it.
    pub(crate) fn begun(&self, sample: usize) -> usize {
        self.begins.partition_point(|&(first, _)| first <= sample)
    }
}
