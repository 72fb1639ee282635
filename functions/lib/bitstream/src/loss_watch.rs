//! Losses that decoders of H.264 fill up without a word: which pictures they reach.

use super::frame_num::ReferenceNumbers;
use super::h264::{self, LossReach, ToldPicture};
use super::h264_parameters::PictureOrder;
use super::h264_pictures::{PictureLists, PictureReader};
use super::h264_slice::SliceHeader;
use super::random_access::RandomAccess;
use crate::Codec;
use crate::missing_pictures::missing_around;
use plan::CodedSample;

/// Follows the samples that are decoded: those that others refer to are all among them.
#[derive(Debug, Default)]
pub struct LossWatch {
    /// None for other codecs, whose decoders complain, or tell nothing of it.
    reader: Option<PictureReader>,
    numbers: ReferenceNumbers,
    /// None where what refers to what is in doubt.
    reach: Option<LossReach>,
}

/// What a loss before a sample may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReachedSamples {
    /// None.
    None,
    /// The sample, and of what follows those of which the same is told.
    Own,
    /// The sample and what follows it, up to a keyframe.
    Following,
}

impl LossWatch {
    /// For a track with this sample entry.
    #[must_use]
    pub fn new(codec: Codec, entry: &[u8]) -> Self {
        Self {
            reader: PictureReader::of(codec, entry),
            ..Self::default()
        }
    }

    /// Whether it is known what decoders keep behind the last one.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.reach.is_some()
    }

    /// Takes the next one that is decoded: the one of `samples` with this number. What decoding can
    /// begin with needs none.
    pub fn take(&mut self, samples: &[CodedSample], nth: usize, bytes: &[u8]) -> ReachedSamples {
        let Some(reader) = &mut self.reader else {
            return ReachedSamples::None;
        };
        let header = reader.next(bytes);
        let lists = header.and_then(|header| reader.lists(&header, bytes));
        let length_bytes = reader.length_bytes;
        let follows_loss = self.numbers.follow_loss(header, bytes, length_bytes);
        let begins = h264::random_access(bytes, length_bytes) != RandomAccess::None;
        if let Some(header) =
            header.filter(|header| header.is_idr || begins && self.reach.is_none())
        {
            self.reach = Some(LossReach::new(&header));
        }
        let is_reached = header.zip(lists).and_then(|(header, lists)| {
            let reach = self.reach.as_mut()?;
            let lost = reach.lost_before(&header)?;
            let is_told = lost == 0 || hides_no_key(&header, &lists, lost, (samples, nth));
            is_told.then_some(())?;
            reach.take(ToldPicture {
                header: &header,
                lists: &lists,
                pts: samples[nth].pts,
                begins,
            })
        });
        match is_reached {
            Some(false) => ReachedSamples::None,
            Some(true) => ReachedSamples::Own,
            None => {
                let was_lossy = self.reach.take().is_some_and(|reach| reach.is_lossy());
                match follows_loss || was_lossy {
                    true => ReachedSamples::Following,
                    false => ReachedSamples::None,
                }
            }
        }
    }
}

/// Whether the pictures lost before one of `samples` are those that numbers tell, so many, and no
/// keyframe is among them: then its numbers would be of other pictures. Told by how many times are
/// missing: a keyframe would be lost with all pictures of its group up to this one.
fn hides_no_key(
    header: &SliceHeader,
    lists: &PictureLists,
    lost: u32,
    (samples, nth): (&[CodedSample], usize),
) -> bool {
    let sequence = &header.parameters;
    let kept = sequence.reference_frames as usize;
    // Lost ones may be shown after all that are there, but for those that no other is shown before.
    let has_enough_behind = samples.len() - nth > kept;
    let is_latest = || {
        let mut before = samples[..nth].iter().rev().take(2 * kept);
        before.all(|before| before.pts < samples[nth].pts)
    };
    let is_between = lists.slices.iter().any(|slice| slice.is_between);
    let is_all_seen = has_enough_behind || !is_between && is_latest();
    let (missing, lost) = (missing_around(samples, nth), lost as usize);
    let range = 1_usize << sequence.frame_num_bits;
    let since_key = match header.number as usize {
        0 => range,
        number => number,
    };
    let is_count_told = match sequence.order {
        PictureOrder::LowBits(bits) => missing + kept + 1 < 1 << (bits - 2),
        _ => true,
    };
    is_all_seen
        && (lost..lost + range).contains(&missing)
        && (missing < since_key || lost >= since_key)
        && is_count_told
}

#[cfg(test)]
mod tests;
