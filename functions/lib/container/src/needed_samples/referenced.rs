//! Samples that others may refer to, for codecs whose references are not followed.

use super::sample::NeededSample;
use crate::{Codec, VideoTrack};
use bitstream::GapWatch;
use plan::SampleGroup;
use std::collections::{BTreeSet, VecDeque};

#[derive(Debug)]
pub(super) struct ReferencedSamples {
    codec: Codec,
    temporal_layers: u8,
    gaps: GapWatch,
    bidirectional: BTreeSet<usize>,
    /// The last one, where it is not needed for itself.
    left_out: Option<NeededSample>,
}

impl ReferencedSamples {
    pub(super) fn new(track: &VideoTrack, group: &SampleGroup, temporal_layers: u8) -> Self {
        Self {
            codec: track.codec,
            temporal_layers,
            gaps: GapWatch::new(track.codec, track.entry_at(group.first)),
            bidirectional: bidirectional(track, group),
            left_out: None,
        }
    }

    pub(super) fn push(
        &mut self,
        sample: NeededSample,
        is_wanted: bool,
        ready: &mut VecDeque<NeededSample>,
    ) {
        let bytes = &sample.bytes;
        // Where several pictures are packed into a sample, its time is that of one of them.
        let is_lost =
            || self.bidirectional.contains(&sample.sample) && !bitstream::has_mpeg4_picture(bytes);
        let may_be_referenced =
            || bitstream::is_referenced(self.codec, self.temporal_layers, bytes);
        let is_kept = is_wanted || may_be_referenced() && !is_lost();
        let left_out = self.left_out.take();
        if self.gaps.needs_left_out(bytes, is_kept) {
            ready.extend(left_out);
        }
        match is_kept {
            true => ready.push_back(sample),
            false => self.left_out = Some(sample),
        }
    }
}

/// The samples of `group` that nothing refers to, by their times: MPEG-4 part 2 shows no others before
/// one that is decoded earlier.
fn bidirectional(track: &VideoTrack, group: &SampleGroup) -> BTreeSet<usize> {
    if track.codec != Codec::Mpeg4 {
        return BTreeSet::new();
    }
    let mut latest = i64::MIN;
    let mut is_between = |&sample: &usize| {
        let pts = track.samples[sample].pts;
        let is_between = pts < latest;
        latest = latest.max(pts);
        is_between
    };
    let samples = group.first..=group.last;
    samples.filter(|sample| is_between(sample)).collect()
}
