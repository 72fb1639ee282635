//! Losses that decoders fill up without a word: ITU-T H.264, 7.4.3.

use super::{CodedPicture, FrameNumReader};
use crate::Codec;
use crate::bitstream::{RandomAccess, h264};

/// Follows the samples that are decoded. Those that others refer to are all among them.
#[derive(Debug, Default)]
pub struct LossWatch {
    /// None for other codecs, whose decoders complain, or tell nothing of it.
    reader: Option<FrameNumReader>,
    /// The number of the last picture that others refer to; none where it is unknown.
    before: Option<u32>,
}

impl LossWatch {
    /// For a track with this sample entry.
    #[must_use]
    pub fn new(codec: Codec, entry: &[u8]) -> Self {
        Self {
            reader: FrameNumReader::of(codec, entry),
            before: None,
        }
    }

    /// Whether a picture is gone before `sample` that it, or what comes after it, may refer to. What
    /// decoding can begin with needs none.
    pub fn follows_loss(&mut self, sample: &[u8]) -> bool {
        let Some(reader) = &mut self.reader else {
            return false;
        };
        let Some(picture) = reader.next(sample) else {
            self.before = None;
            return false;
        };
        let length_bytes = reader.length_bytes;
        let begins = h264::random_access(sample, length_bytes) != RandomAccess::None;
        let before = self.before.filter(|_| !begins);
        self.before = match h264::is_referenced(sample, length_bytes) {
            true => Some(picture.number),
            false => before,
        };
        before.is_some_and(|before| picture.lacks_one_after(before))
    }
}

impl CodedPicture {
    /// Whether there was another picture between the last one that others refer to and this one.
    fn lacks_one_after(&self, before: u32) -> bool {
        let range = 1_u32 << self.parameters.frame_num_bits.min(16);
        let distance = self.number.wrapping_sub(before) % range;
        // A picture may have had the numbers begin anew (`memory_management_control_operation` 5).
        let may_begin = self.number <= 1 && distance > 2;
        distance > 1 && !may_begin && !self.parameters.gaps_are_allowed
    }
}
