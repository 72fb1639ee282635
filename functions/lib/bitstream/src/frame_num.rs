//! Gaps of `frame_num` in H.264: ITU-T H.264, 7.4.3 and 8.2.5.2.
//!
//! Where pictures that others refer to are lost, ffmpeg puts copies of the last one in their place,
//! one for each number between that of the picture before and that of the next. The picture before
//! may be one that nothing refers to, which then hides a loss: so such a picture matters where
//! something is lost, and nowhere else. The same holds where gaps are allowed, as where temporal
//! layers were taken off.

use super::h264;
use super::h264_parameters::SequenceParameters;
use super::h264_pictures::PictureReader;
use super::h264_slice::SliceHeader;
use super::random_access::RandomAccess;
use crate::Codec;

/// ITU-T H.264, A.3.1: no decoder keeps more.
const MOST_REFERENCE_FRAMES: u32 = 16;

/// Follows samples in decoding order, of which some are not decoded.
#[derive(Debug)]
pub struct GapWatch {
    /// None for other codecs: there nothing is hidden.
    reader: Option<PictureReader>,
    /// Of the last sample that is decoded; none where it is unknown.
    decoded: Option<u32>,
    /// Of the last one after it that is not decoded.
    left_out: Option<LeftOut>,
}

#[derive(Debug)]
struct LeftOut {
    /// None where it is unknown.
    number: Option<u32>,
}

impl GapWatch {
    /// For a track with this sample entry.
    #[must_use]
    pub fn new(codec: Codec, entry: &[u8]) -> Self {
        Self {
            reader: PictureReader::of(codec, entry),
            decoded: None,
            left_out: None,
        }
    }

    /// Takes the next sample, which is to be decoded or left out. Returns whether the one that was
    /// left out last has to be decoded before it: without it the decoder would fill a gap otherwise
    /// than if it were given all samples.
    pub fn needs_left_out(&mut self, sample: &[u8], is_decoded: bool) -> bool {
        let Some(reader) = &mut self.reader else {
            return false;
        };
        let picture = reader.next(sample);
        let mut is_needed = false;
        if let Some(LeftOut { number: left_out }) = self.left_out.take() {
            is_needed = match (&picture, self.decoded, left_out) {
                (Some(picture), Some(decoded), Some(left_out)) => {
                    !fills_alike(picture, decoded, left_out)
                }
                // Whatever may be lost here.
                _ => true,
            };
            if is_needed {
                self.decoded = left_out;
            }
        }
        let number = picture.map(|picture| picture.number);
        match is_decoded {
            true => self.decoded = number,
            false => self.left_out = Some(LeftOut { number }),
        }
        is_needed
    }
}

/// Whether a decoder fills up the same before `picture` after one with the number `before`, whether or
/// not there is one with the number `between` in between.
fn fills_alike(picture: &SliceHeader, before: u32, between: u32) -> bool {
    let filled = |from, to| filled(&picture.parameters, from, to);
    let with = filled(before, between).chain(filled(between, picture.number));
    picture.is_idr || with.eq(filled(before, picture.number))
}

/// The numbers of the frames that a decoder makes up between pictures of these numbers.
fn filled(
    parameters: &SequenceParameters,
    from: u32,
    to: u32,
) -> impl Iterator<Item = u32> + use<> {
    let range = 1_u32 << parameters.frame_num_bits.min(16);
    let distance = to.wrapping_sub(from) % range;
    let most = parameters.reference_frames.min(MOST_REFERENCE_FRAMES);
    let count = distance.saturating_sub(1).min(most);
    (1..=count)
        .rev()
        .map(move |back| to.wrapping_sub(back) % range)
}

/// The numbers of the pictures that others refer to, in decoding order.
#[derive(Debug, Default)]
pub(super) struct ReferenceNumbers {
    /// Of the last one; none where it is unknown.
    last: Option<LastNumber>,
}

#[derive(Debug, Clone, Copy)]
struct LastNumber {
    number: u32,
    /// Numbers begin anew after it; none where that is not told.
    restarts: Option<bool>,
}

impl ReferenceNumbers {
    /// Whether the numbers of `sample`, whose picture this is, and of the one before it tell of a loss.
    pub(super) fn follow_loss(
        &mut self,
        picture: Option<SliceHeader>,
        sample: &[u8],
        length_bytes: u8,
    ) -> bool {
        let Some(picture) = picture else {
            self.last = None;
            return false;
        };
        let begins = h264::random_access(sample, length_bytes) != RandomAccess::None;
        let last = self.last.filter(|_| !begins);
        self.last = match h264::is_referenced(sample, length_bytes) {
            true => Some(LastNumber {
                number: picture.number,
                restarts: picture.rest.map(|rest| rest.restarts),
            }),
            false => last,
        };
        last.is_some_and(|last| last.lacks_one_before(&picture))
    }
}

impl LastNumber {
    /// Whether there was another picture between this one and `picture`.
    fn lacks_one_before(self, picture: &SliceHeader) -> bool {
        let range = 1_u32 << picture.parameters.frame_num_bits.min(16);
        let number = match self.restarts {
            Some(true) => 0,
            Some(false) | None => self.number,
        };
        let distance = picture.number.wrapping_sub(number) % range;
        let may_begin = self.restarts.is_none() && picture.number <= 1 && distance > 2;
        distance > 1 && !may_begin && !picture.parameters.gaps_are_allowed
    }
}

#[cfg(test)]
mod tests;
