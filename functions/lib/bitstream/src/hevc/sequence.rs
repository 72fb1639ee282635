//! What the parameter sets of HEVC say of references: ITU-T H.265, 7.3.2.2.

use super::reference_sets::ReferenceSet;
use crate::bits::BitReader;
use crate::nal::unescaped;
use crate::order::hevc::{PictureParameters, Sequence, parameter_sets};

const PARAMETERS_BYTES: usize = 1 << 14;
/// 7.4.3.2.1
const MOST_SETS: u32 = 64;

/// The only sequence and picture parameter set of a track.
#[derive(Debug)]
pub(super) struct SequenceReferences {
    /// As they were written.
    pub(super) units: [Vec<u8>; 2],
    pub(super) sequence: Sequence,
    pub(super) picture: PictureParameters,
    pub(super) sets: Vec<ReferenceSet>,
    /// None: no picture is kept for long. Else how many may be named by number.
    pub(super) long_term: Option<u32>,
}

impl SequenceReferences {
    pub(super) fn new(entry: &[u8]) -> Option<Self> {
        let (sequence_unit, picture_unit) = parameter_sets(entry)?;
        let bytes = unescaped(sequence_unit.get(2..)?, PARAMETERS_BYTES);
        let bits = &mut BitReader::new(&bytes);
        let sequence = Sequence::read(bits)?;
        skip_tools(bits)?;
        let count = bits.exp_golomb().filter(|&count| count <= MOST_SETS)?;
        let mut sets = Vec::new();
        for _ in 0..count {
            let set = ReferenceSet::read(bits, &sets, false)?;
            sets.push(set);
        }
        let long_term = match bits.flag()? {
            true => Some(bits.exp_golomb()?),
            false => None,
        };
        Some(Self {
            sequence,
            picture: PictureParameters::parse(picture_unit)?,
            units: [sequence_unit.to_vec(), picture_unit.to_vec()],
            sets,
            long_term,
        })
    }
}

/// From the sizes of coding blocks to PCM.
fn skip_tools(bits: &mut BitReader<'_>) -> Option<()> {
    for _ in 0..6 {
        bits.exp_golomb()?;
    }
    if bits.flag()? && bits.flag()? {
        skip_scaling_lists(bits)?;
    }
    let (_asymmetric, _offsets) = (bits.flag()?, bits.flag()?);
    if bits.flag()? {
        bits.skip(4 + 4)?;
        let (_smallest, _range) = (bits.exp_golomb()?, bits.exp_golomb()?);
        bits.skip(1)?;
    }
    Some(())
}

/// `scaling_list_data()`: 7.3.4. Signed numbers are as long as unsigned ones.
fn skip_scaling_lists(bits: &mut BitReader<'_>) -> Option<()> {
    for size in 0..4 {
        let matrices = if size == 3 { 2 } else { 6 };
        for _ in 0..matrices {
            if !bits.flag()? {
                bits.exp_golomb()?;
                continue;
            }
            let coefficients = 64.min(1 << (4 + 2 * size));
            for _ in 0..coefficients + u32::from(size > 1) {
                bits.exp_golomb()?;
            }
        }
    }
    Some(())
}
