//! What pictures of H.264 refer to, where a decoder takes their absence as meant: streams that allow
//! gaps of `frame_num`, as encoders do that write temporal layers (with or without the prefix NAL
//! units of SVC: ITU-T H.264, 7.4.2.1.1 and G.7.4.1.1).
//!
//! In place of each picture that is left out a decoder keeps one that does not exist. So those that
//! are there keep their places in its lists, and what a slice can refer to is told by the lists of
//! the whole stream: the first pictures of a list that this slice makes of the last ones that are
//! kept. Followed here are P pictures of frames, which encoders for live calls write. What keeps
//! pictures for long or gives them up by hand, B slices, fields, weights and lost pictures are in
//! doubt, and then all is decoded.

use super::parameter_sets;
use super::reference_window::ReferenceWindow;
use crate::coded_frames::{CodedFrame, CodedFrames};
use crate::h264_parameters::{PictureOrder, SequenceParameters};
use crate::h264_picture_parameters::{PictureParameters, SliceParameters};
use crate::h264_slice::{ListMove, PictureKeeping, SliceHeader, SliceStep};
use crate::h264_units::{IDR, PARTITION_A, PICTURE, SEQUENCE, SLICE};
use crate::nal::units;
use crate::order::counting::Counting;
use crate::order::low_bits::whole_count;
use plan::FrameLinks;

/// ITU-T H.264, A.3.1: no decoder keeps more.
const MOST_REFERENCE_FRAMES: u32 = 16;
/// The slot of the last picture that others may refer to: their counts go on from its own.
const COUNTED_FROM: u32 = 1 << 31;
/// The slot of the last picture. Where one was lost after it that fills the same gap, decoders take it
/// for that one.
const LAST: u32 = 1 << 30;

/// Reads samples that follow each other. In doubt it reads none.
#[derive(Debug)]
pub(crate) struct ReferenceReader {
    length_bytes: u8,
    /// The parameter sets of the track, as they were written.
    units: Vec<Vec<u8>>,
    sequence: SequenceParameters,
    pictures: Vec<PictureParameters>,
    window: ReferenceWindow,
    /// The number of the last picture that others may refer to; none before the first picture.
    number: Option<u32>,
    counting: Counting,
}

/// What the header of a slice says.
#[derive(Debug, PartialEq, Eq)]
struct Slice {
    is_idr: bool,
    /// Others may refer to it.
    is_referenced: bool,
    number: u32,
    /// The low bits of its count.
    low: u32,
    /// How many references it has, and how their list is made.
    active: usize,
    moves: Vec<ListMove>,
}

impl ReferenceReader {
    /// None where a picture that is left out would count as lost, or is not told from others.
    pub(crate) fn new(entry: &[u8], length_bytes: u8) -> Option<Self> {
        let units: Vec<Vec<u8>> = parameter_sets(entry).map(<[u8]>::to_vec).collect();
        let of_kind = |kind| units.iter().filter(move |unit| unit[0] & 0x1f == kind);
        let sequence = SequenceParameters::parse(super::only_parameter_set(entry)?)?;
        let pictures: Option<Vec<_>> = of_kind(PICTURE)
            .map(|unit| PictureParameters::parse(unit))
            .collect();
        let pictures = pictures?;
        let is_its_own = |picture: &PictureParameters| {
            let is_plain =
                |slices: SliceParameters| !slices.have_weights[0] && !slices.counts_redundant;
            picture.sequence == sequence.id && picture.slices.is_some_and(is_plain)
        };
        let kept = sequence.reference_frames;
        let is_plain = sequence.gaps_are_allowed
            && sequence.frames_only
            && !sequence.separate_planes
            && (1..=MOST_REFERENCE_FRAMES).contains(&kept)
            && is_told_apart(kept, sequence.frame_num_bits)
            && !matches!(sequence.order, PictureOrder::Differences { .. })
            && pictures.iter().all(is_its_own);
        is_plain.then(|| Self {
            length_bytes,
            window: ReferenceWindow::new(kept, sequence.frame_num_bits),
            units,
            sequence,
            pictures,
            number: None,
            counting: Counting::anchored(0),
        })
    }

    pub(crate) fn next(&mut self, sample: &[u8]) -> Option<CodedFrames> {
        let mut slices = Vec::new();
        for unit in units(sample, self.length_bytes) {
            match unit[0] & 0x1f {
                SLICE | IDR => slices.push(self.slice(unit)?),
                // 2 to 4: partitions.
                PARTITION_A..IDR => return None,
                SEQUENCE | PICTURE if !self.is_known(unit) => return None,
                _ => {}
            }
        }
        let frame = self.picture(&slices)?;
        Some(CodedFrames::single(frame, sample.len()))
    }

    /// Zeros may follow on a unit.
    fn is_known(&self, unit: &[u8]) -> bool {
        let trimmed = |unit: &[u8]| {
            let zeros = unit.iter().rev().take_while(|&&byte| byte == 0);
            unit.len() - zeros.count()
        };
        let mut known = self.units.iter();
        known.any(|known| known[..trimmed(known)] == unit[..trimmed(unit)])
    }

    /// None of what keeps pictures for long or gives them up by hand, and of B slices.
    fn slice(&self, unit: &[u8]) -> Option<Slice> {
        let mut moves = Vec::new();
        let sets = |id| {
            let picture = self.pictures.iter().find(|set| set.id == id)?;
            Some((self.sequence, *picture))
        };
        let mut told = |step| {
            if let SliceStep::Move(_, step) = step {
                moves.push(step);
            }
        };
        let header = SliceHeader::parse_with_steps(unit, sets, &mut told)?;
        let rest = header.rest?;
        let is_followed = (header.is_predicted() || header.is_intra())
            && !rest.moves_others
            && moves.len() <= 2 * MOST_REFERENCE_FRAMES as usize
            && (rest.keeping == PictureKeeping::InTurn || !header.is_referenced);
        is_followed.then_some(Slice {
            is_idr: header.is_idr,
            is_referenced: header.is_referenced,
            number: header.number,
            low: header.low_count.unwrap_or(0),
            active: rest.references[0] as usize,
            moves,
        })
    }

    /// The picture of these slices, which must agree.
    fn picture(&mut self, slices: &[Slice]) -> Option<CodedFrame> {
        let first = slices.first()?;
        let Slice {
            is_idr,
            is_referenced,
            number,
            low,
            ..
        } = *first;
        let is_same = |slice: &Slice| {
            (slice.is_idr, slice.is_referenced, slice.number, slice.low)
                == (is_idr, is_referenced, number, low)
        };
        if !slices.iter().all(is_same) || !self.follows(number, is_idr) {
            return None;
        }
        if is_idr {
            self.window.clear();
            self.counting = Counting::anchored(0);
        }
        let mut lists = slices
            .iter()
            .map(|slice| self.window.list(number, slice.active, &slice.moves));
        let mut references = lists.try_fold(0, |all, list| Some(all | list?))?;
        let (count, is_far) = self.count(low);
        if is_far {
            references |= COUNTED_FROM;
        }
        // Else a decoder does not see that numbers began anew.
        let begins_anew = number == 0 && self.sequence.order == PictureOrder::AsDecoded;
        let is_always_needed = is_idr || is_referenced && (is_far || begins_anew);
        let mut refreshes = LAST;
        if is_referenced {
            refreshes |= self.window.push(number) | COUNTED_FROM;
            self.number = Some(number);
            self.counting = match is_always_needed {
                true => Counting::anchored(count),
                false => self.counting.after(count),
            };
        }
        Some(CodedFrame {
            links: FrameLinks {
                references,
                refreshes,
                live: self.window.slots() | COUNTED_FROM | LAST,
            },
            is_shown: true,
            is_always_needed,
        })
    }

    /// Whether nothing is lost before a picture of this number.
    fn follows(&self, number: u32, is_idr: bool) -> bool {
        let mask = (1_u32 << self.sequence.frame_num_bits) - 1;
        match self.number {
            _ if is_idr => number == 0,
            Some(before) => number == before.wrapping_add(1) & mask,
            None => false,
        }
    }

    /// The count of a picture, and whether a decoder may take it for another where pictures are left
    /// out.
    fn count(&self, low: u32) -> (i64, bool) {
        let PictureOrder::LowBits(bits) = self.sequence.order else {
            return (0, false);
        };
        let count = whole_count(low, bits, self.counting.last);
        (count, self.counting.is_far(count, bits))
    }
}

/// A decoder does not see the gap of a picture that is left out right after one with the same number
/// that nothing refers to. So at worst every second number is missing among those that it keeps, and
/// they must be told apart then too.
fn is_told_apart(kept: u32, frame_num_bits: u32) -> bool {
    2 * kept + 2 < 1 << frame_num_bits
}

#[cfg(test)]
mod tests;
