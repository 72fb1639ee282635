//! Slice headers of H.264: ITU-T H.264, 7.3.3.

use super::bits::BitReader;
use super::h264_parameters::{PictureOrder, SequenceParameters};
use super::h264_picture_parameters::{PictureParameters, SliceParameters};
use super::h264_units::IDR;
use super::nal::unescaped;

/// Rarely more, and then only the rest is not read.
const HEADER_BYTES: usize = 256;

/// `slice_type`: table 7-6, of which the second five say that all slices of the picture are alike.
const KINDS: u32 = 5;
const MOST_KIND: u32 = 9;
const PREDICTED: u32 = 0;
const BETWEEN: u32 = 1;
const INTRA: u32 = 2;
const SWITCHING_PREDICTED: u32 = 3;
const SWITCHING_INTRA: u32 = 4;

/// 7.4.3: of the fields of 16 frames.
const MOST_REFERENCES: u32 = 32;

/// How far the header of a slice is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SliceHeader {
    pub(super) parameters: SequenceParameters,
    first_macroblock: u32,
    kind: u32,
    /// It has the decoder forget all other pictures.
    pub(super) is_idr: bool,
    /// Others may refer to its picture.
    pub(super) is_referenced: bool,
    /// `frame_num`
    pub(super) number: u32,
    pub(super) is_field: bool,
    /// `pic_order_cnt_lsb`; none where the sequence has no such.
    pub(super) low_count: Option<u32>,
    /// None where it is not read, or can't be.
    pub(super) rest: Option<HeaderRest>,
}

/// What comes behind that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HeaderRest {
    /// By how much the count of the bottom field is above that of the top field.
    pub(super) bottom_difference: i64,
    /// Numbers and counts begin anew after its picture: `memory_management_control_operation` 5.
    pub(super) restarts: bool,
    /// How many pictures each of its lists of references has, as far as its kind has any.
    pub(super) references: [u32; 2],
    /// It puts pictures into its lists that are kept for long, or are of another view.
    pub(super) moves_others: bool,
    pub(super) keeping: PictureKeeping,
}

/// What decoders do with the pictures that they keep where one comes that others may refer to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum PictureKeeping {
    /// It takes the place of the oldest.
    InTurn,
    /// Those are given up that it names. So is it where none may refer to it.
    #[default]
    ByNumber,
    /// Some are kept for long, or given up that were.
    Long,
}

/// What a slice has decoders do with the pictures that they keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SliceStep {
    /// One is put at the next place of this list: 0 or 1.
    Move(usize, ListMove),
    /// That whose number is so much lower than its own is given up.
    GiveUp(u32),
}

/// How a slice has a picture put at the next place of its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ListMove {
    /// The number is so much lower than that of the one before.
    Lower(u32),
    /// The number is so much higher.
    Higher(u32),
}

impl SliceHeader {
    /// Of a NAL unit that is a slice. None where what it says can't be.
    pub(super) fn parse(
        unit: &[u8],
        sets: impl Fn(u32) -> Option<(SequenceParameters, PictureParameters)>,
    ) -> Option<Self> {
        Self::parse_with_steps(unit, sets, &mut |_| {})
    }

    /// The same; `told` learns how its lists of references are made, and which pictures are given up.
    pub(super) fn parse_with_steps(
        unit: &[u8],
        sets: impl Fn(u32) -> Option<(SequenceParameters, PictureParameters)>,
        told: &mut dyn FnMut(SliceStep),
    ) -> Option<Self> {
        let bytes = unescaped(unit.get(1..)?, HEADER_BYTES);
        let mut bits = BitReader::new(&bytes);
        let first_macroblock = bits.exp_golomb()?;
        let kind = bits.exp_golomb().filter(|&kind| kind <= MOST_KIND)? % KINDS;
        let (parameters, picture) = sets(bits.exp_golomb()?)?;
        if parameters.separate_planes {
            bits.skip(2)?;
        }
        let number = bits.number(parameters.frame_num_bits)?;
        let is_field = !parameters.frames_only && bits.flag()?;
        let mut header = Self {
            parameters,
            first_macroblock,
            kind,
            is_idr: unit[0] & 0x1f == IDR,
            is_referenced: unit[0] & 0x60 != 0,
            number,
            is_field,
            low_count: None,
            rest: None,
        };
        header.read_on(&mut bits, picture.slices, told)?;
        Some(header)
    }

    /// Up to the count, and if possible on from there.
    fn read_on(
        &mut self,
        bits: &mut BitReader<'_>,
        slices: Option<SliceParameters>,
        told: &mut dyn FnMut(SliceStep),
    ) -> Option<()> {
        if self.is_field {
            let _is_bottom = bits.flag()?;
        }
        if self.is_idr {
            let _number = bits.exp_golomb()?;
        }
        if let PictureOrder::LowBits(count_bits) = self.parameters.order {
            self.low_count = Some(bits.number(count_bits)?);
        }
        self.rest = slices.and_then(|slices| self.rest(bits, slices, told));
        Some(())
    }

    /// Whether a picture can begin with it.
    pub(super) fn can_begin(&self) -> bool {
        let is_intra = matches!(self.kind, INTRA | SWITCHING_INTRA);
        self.first_macroblock == 0 && (is_intra || !self.is_idr)
    }

    /// Whether it may be of the same picture as `other`.
    pub(super) fn is_of_picture(&self, other: &Self) -> bool {
        let told = |slice: &Self| {
            let Self {
                is_idr,
                is_referenced,
                number,
                low_count,
                parameters,
                ..
            } = *slice;
            (is_idr, is_referenced, number, low_count, parameters)
        };
        told(self) == told(other)
    }

    pub(super) fn is_predicted(&self) -> bool {
        self.kind == PREDICTED
    }

    pub(super) fn is_intra(&self) -> bool {
        self.kind == INTRA
    }

    pub(super) fn is_between(&self) -> bool {
        self.kind == BETWEEN
    }

    fn rest(
        &self,
        bits: &mut BitReader<'_>,
        slices: SliceParameters,
        told: &mut dyn FnMut(SliceStep),
    ) -> Option<HeaderRest> {
        let bottom_difference = self.bottom_difference(bits, slices)?;
        if slices.counts_redundant {
            bits.exp_golomb()?;
        }
        let references = self.references(bits, slices)?;
        let mut moves_others = false;
        for list in 0..self.lists() {
            moves_others |= read_list_moves(bits, &mut |step| told(SliceStep::Move(list, step)))?;
        }
        let has_weights = match self.kind {
            PREDICTED | SWITCHING_PREDICTED => slices.have_weights[0],
            BETWEEN => slices.have_weights[1],
            _ => false,
        };
        if has_weights {
            self.skip_weights(bits, references)?;
        }
        let marking = match self.is_referenced {
            true => self.marking(bits, told)?,
            false => ReferenceMarking::default(),
        };
        Some(HeaderRest {
            bottom_difference,
            restarts: marking.restarts,
            references: match self.lists() {
                0 => [0, 0],
                1 => [references[0], 0],
                _ => references,
            },
            moves_others,
            keeping: marking.keeping,
        })
    }

    fn bottom_difference(&self, bits: &mut BitReader<'_>, slices: SliceParameters) -> Option<i64> {
        let has_bottom = slices.has_bottom_difference && !self.is_field;
        match self.parameters.order {
            PictureOrder::LowBits(_) if has_bottom => bits.signed_exp_golomb(),
            PictureOrder::Differences { are_written: true } => {
                bits.exp_golomb()?;
                if has_bottom {
                    bits.exp_golomb()?;
                }
                Some(0)
            }
            _ => Some(0),
        }
    }

    /// How many lists of references its kind has.
    fn lists(&self) -> usize {
        match self.kind {
            PREDICTED | SWITCHING_PREDICTED => 1,
            BETWEEN => 2,
            _ => 0,
        }
    }

    /// How many pictures each list has.
    fn references(&self, bits: &mut BitReader<'_>, slices: SliceParameters) -> Option<[u32; 2]> {
        if self.kind == BETWEEN {
            let _is_direct_spatial = bits.flag()?;
        }
        let mut references = slices.references;
        if self.lists() > 0 && bits.flag()? {
            for count in &mut references[..self.lists()] {
                *count = bits.exp_golomb()?.saturating_add(1);
            }
        }
        let is_possible = references.iter().all(|&count| count <= MOST_REFERENCES);
        is_possible.then_some(references)
    }

    /// `pred_weight_table`: 7.3.3.2.
    fn skip_weights(&self, bits: &mut BitReader<'_>, references: [u32; 2]) -> Option<()> {
        let has_colour = self.parameters.has_colour();
        for _ in 0..=usize::from(has_colour) {
            let _denominator = bits.exp_golomb()?;
        }
        for &count in &references[..self.lists()] {
            for _ in 0..count {
                let planes = [Some(1), has_colour.then_some(2)];
                for planes in planes.into_iter().flatten() {
                    if bits.flag()? {
                        for _ in 0..2 * planes {
                            bits.exp_golomb()?;
                        }
                    }
                }
            }
        }
        Some(())
    }

    /// `dec_ref_pic_marking`: 7.3.3.3.
    fn marking(
        &self,
        bits: &mut BitReader<'_>,
        told: &mut dyn FnMut(SliceStep),
    ) -> Option<ReferenceMarking> {
        let mut marking = ReferenceMarking::default();
        if self.is_idr {
            let _gives_up_earlier_ones = bits.flag();
            marking.keeping = match bits.flag() {
                Some(false) => PictureKeeping::InTurn,
                _ => PictureKeeping::Long,
            };
            return Some(marking);
        }
        if !bits.flag()? {
            marking.keeping = PictureKeeping::InTurn;
            return Some(marking);
        }
        loop {
            let operation = bits.exp_golomb()?;
            if matches!(operation, 2..=4 | 6) {
                marking.keeping = PictureKeeping::Long;
            }
            let operands = match operation {
                0 => return Some(marking),
                1 => {
                    told(SliceStep::GiveUp(bits.exp_golomb()?.saturating_add(1)));
                    0
                }
                2 | 4 | 6 => 1,
                3 => 2,
                5 => {
                    marking.restarts = true;
                    0
                }
                _ => return None,
            };
            for _ in 0..operands {
                bits.exp_golomb()?;
            }
        }
    }
}

/// What becomes of the pictures that others may refer to.
#[derive(Default)]
struct ReferenceMarking {
    restarts: bool,
    keeping: PictureKeeping,
}

/// Of one list of references: `ref_pic_list_modification`, 7.3.3.1. Whether others than the usual
/// pictures are moved.
fn read_list_moves(bits: &mut BitReader<'_>, moved: &mut dyn FnMut(ListMove)) -> Option<bool> {
    let mut moves_others = false;
    if !bits.flag()? {
        return Some(moves_others);
    }
    loop {
        match bits.exp_golomb()? {
            0 => moved(ListMove::Lower(bits.exp_golomb()?.saturating_add(1))),
            1 => moved(ListMove::Higher(bits.exp_golomb()?.saturating_add(1))),
            2 => {
                bits.exp_golomb()?;
                moves_others = true;
            }
            3 => return Some(moves_others),
            _ => return None,
        }
    }
}
