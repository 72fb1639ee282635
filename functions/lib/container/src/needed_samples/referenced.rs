//! Samples that others may refer to, for codecs whose references are not followed.

use super::sample::NeededSample;
use crate::Codec;
use crate::bitstream::{self, GapWatch};
use std::collections::VecDeque;

#[derive(Debug)]
pub(super) struct ReferencedSamples {
    codec: Codec,
    temporal_layers: u8,
    gaps: GapWatch,
    /// The last one, where it is not needed for itself.
    left_out: Option<NeededSample>,
}

impl ReferencedSamples {
    pub(super) fn new(codec: Codec, entry: &[u8], temporal_layers: u8) -> Self {
        Self {
            codec,
            temporal_layers,
            gaps: GapWatch::new(codec, entry),
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
        let is_kept =
            is_wanted || bitstream::is_referenced(self.codec, self.temporal_layers, bytes);
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
