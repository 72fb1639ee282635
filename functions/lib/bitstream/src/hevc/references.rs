//! The pictures that a decoder of HEVC keeps, followed from picture to picture: ITU-T H.265, 8.3.1
//! and 8.3.2.
//!
//! Each picture names all that are kept, those for itself and those for later ones. Each of them
//! counts as needed: decoders say that something is lost where one is absent, whether or not it is
//! used. What is named no more is never named again.

use super::sequence::SequenceReferences;
use super::{is_discardable, kind};
use crate::bits::BitReader;
use crate::coded_frames::{CodedFrame, CodedFrames, SamplePiece};
use crate::hevc_units::{
    END_OF_BITSTREAM, END_OF_SEQUENCE, FIRST_BROKEN_LINK, FIRST_IDR, FIRST_PARAMETERS, FIRST_RADL,
    FIRST_RASL, LAST_BROKEN_LINK, LAST_IDR, LAST_IRAP, LAST_PICTURE, LAST_RASL, PICTURE, SEQUENCE,
};
use crate::nal::{unescaped, units};
use crate::order::counting::Counting;
use crate::order::low_bits::whole_count;
use plan::FrameLinks;

/// Enough for a slice header up to the references.
const HEADER_BYTES: usize = 256;
/// The slot of the last picture that others count from; all lower ones are for what is kept.
const COUNTED_FROM: u32 = 1 << 31;

/// Reads samples that follow each other. In doubt it reads none.
#[derive(Debug)]
pub(crate) struct PictureReader {
    length_bytes: u8,
    parameters: SequenceReferences,
    /// The counts of the pictures that are kept, each with its slot.
    kept: Vec<(i64, u32)>,
    /// From pictures of the lowest temporal layer that others may refer to.
    counting: Option<Counting>,
    /// Pictures that refer to what came before the first of all are not decoded.
    skips_leading: bool,
}

/// What a slice header says.
#[derive(Debug)]
struct Slice {
    kind: u8,
    /// Of the lowest temporal layer, and others count from it.
    is_counted_from: bool,
    count: i64,
    /// The counts of the pictures that are kept.
    kept: Vec<i64>,
}

impl PictureReader {
    pub(crate) fn new(entry: &[u8], length_bytes: u8) -> Option<Self> {
        Some(Self {
            length_bytes,
            parameters: SequenceReferences::new(entry)?,
            kept: Vec::new(),
            counting: None,
            skips_leading: true,
        })
    }

    pub(crate) fn next(&mut self, sample: &[u8]) -> Option<CodedFrames> {
        let mut slice = None;
        for unit in units(sample, self.length_bytes) {
            match kind(unit) {
                _ if super::layer(unit)? > 0 => {}
                kind @ 0..=LAST_PICTURE => {
                    if is_reserved(kind) {
                        return None;
                    }
                    // One picture, whose first slice comes first.
                    let is_first = unit.get(2)? & 0x80 != 0;
                    match (is_first, &slice) {
                        (true, None) => slice = Some(self.slice(unit)?),
                        (false, Some(_)) => {}
                        _ => return None,
                    }
                }
                SEQUENCE | PICTURE if !self.parameters.units.iter().any(|known| known == unit) => {
                    return None;
                }
                END_OF_SEQUENCE | END_OF_BITSTREAM => return None,
                FIRST_PARAMETERS.. => {}
            }
        }
        let frame = self.picture(&slice?)?;
        Some(CodedFrames {
            frames: vec![frame],
            pieces: vec![SamplePiece {
                frame: Some(0),
                place: 0..sample.len(),
            }],
        })
    }

    fn slice(&self, unit: &[u8]) -> Option<Slice> {
        let parameters = &self.parameters;
        let kind = kind(unit);
        let header = unescaped(unit.get(2..)?, HEADER_BYTES);
        let bits = &mut BitReader::new(&header);
        // `first_slice_segment_in_pic_flag`
        bits.skip(1)?;
        if (FIRST_BROKEN_LINK..=LAST_IRAP).contains(&kind) {
            bits.skip(1)?;
        }
        let _picture_parameters = bits.exp_golomb()?;
        bits.skip(parameters.picture.extra_bits as usize)?;
        let _slice_type = bits.exp_golomb()?;
        bits.skip(usize::from(parameters.picture.has_output_flag))?;
        bits.skip(2 * usize::from(parameters.sequence.separate_planes))?;
        let is_leading = (FIRST_RADL..=LAST_RASL).contains(&kind);
        let is_lowest = unit[1] & 7 == 1;
        let mut slice = Slice {
            kind,
            is_counted_from: is_lowest && !is_leading && !is_discardable(kind),
            count: 0,
            kept: Vec::new(),
        };
        if (FIRST_IDR..=LAST_IDR).contains(&kind) {
            return Some(slice);
        }
        let low = bits.number(parameters.sequence.count_bits)?;
        slice.count = match self.counting.filter(|_| !is_broken_link(kind)) {
            Some(counting) => whole_count(low, parameters.sequence.count_bits, counting.last),
            None => i64::from(low),
        };
        slice.kept = self.reference_set(bits, slice.count)?;
        Some(slice)
    }

    /// The pictures that are kept beside one with this count.
    fn reference_set(&self, bits: &mut BitReader<'_>, count: i64) -> Option<Vec<i64>> {
        let sets = &self.parameters.sets;
        let is_own = !bits.flag()?;
        let distances: Vec<i32> = if is_own {
            let set = super::reference_sets::ReferenceSet::read(bits, sets, true)?;
            set.distances().collect()
        } else {
            let index_bits = sets.len().next_power_of_two().trailing_zeros();
            let index = bits.number(index_bits)?;
            sets.get(index as usize)?.distances().collect()
        };
        if let Some(named) = self.parameters.long_term {
            let by_number = if named > 0 { bits.exp_golomb()? } else { 0 };
            // What is kept for long is told by the low bits of its count alone.
            if by_number > 0 || bits.exp_golomb()? > 0 {
                return None;
            }
        }
        let counts = distances.into_iter().map(|far| count + i64::from(far));
        Some(counts.collect())
    }

    fn picture(&mut self, slice: &Slice) -> Option<CodedFrame> {
        let begins = (FIRST_IDR..=LAST_IDR).contains(&slice.kind) || is_broken_link(slice.kind);
        let is_first = self.counting.is_none();
        if begins {
            self.kept.clear();
        }
        let is_skipped = self.skips_leading && (FIRST_RASL..=LAST_RASL).contains(&slice.kind);
        if is_irap(slice.kind) {
            // Those that lead a later one are decoded, unless that breaks with what came before.
            self.skips_leading = is_first || is_broken_link(slice.kind);
        }
        let is_named = |count: i64| slice.kept.contains(&count);
        let found = slice
            .kept
            .iter()
            .filter(|&&count| self.slot(count).is_some());
        // An intra picture may name what lies before the entry, and what is skipped always does.
        if found.count() < slice.kept.len() && !is_skipped && !is_irap(slice.kind) {
            return None;
        }
        if !is_skipped {
            self.kept.retain(|&(count, _)| is_named(count));
        }
        let references = slots(&self.kept);
        let own = !references & references.wrapping_add(1);
        if own & COUNTED_FROM != 0 || is_named(slice.count) {
            return None;
        }
        let (mut references, mut refreshes) = (references, 0);
        if !is_skipped {
            self.kept.push((slice.count, own));
            refreshes = own;
        }
        let is_far = self.is_far(slice.count) && !begins;
        if is_far {
            references |= COUNTED_FROM;
        }
        let is_anchor = slice.is_counted_from && (is_far || begins || is_first);
        if slice.is_counted_from || is_first {
            refreshes |= COUNTED_FROM;
            self.count(slice.count, is_anchor || is_first);
        }
        Some(CodedFrame {
            links: FrameLinks {
                references,
                refreshes,
                live: slots(&self.kept) | COUNTED_FROM,
            },
            is_shown: true,
            is_always_needed: is_anchor || begins,
        })
    }

    fn slot(&self, count: i64) -> Option<u32> {
        let kept = self.kept.iter().find(|&&(kept, _)| kept == count);
        kept.map(|&(_, slot)| slot)
    }

    /// Whether a decoder may complete a count otherwise where pictures are left out.
    fn is_far(&self, count: i64) -> bool {
        let bits = self.parameters.sequence.count_bits;
        self.counting
            .is_some_and(|counting| counting.is_far(count, bits))
    }

    fn count(&mut self, count: i64, is_anchor: bool) {
        let before = self.counting.filter(|_| !is_anchor);
        self.counting = Some(match before {
            Some(before) => before.after(count),
            None => Counting::anchored(count),
        });
    }
}

fn slots(kept: &[(i64, u32)]) -> u32 {
    kept.iter().fold(0, |slots, (_, slot)| slots | slot)
}

/// 7.4.2.2: of no known stream.
fn is_reserved(kind: u8) -> bool {
    kind > LAST_IRAP - 2 || (LAST_RASL + 1..FIRST_BROKEN_LINK).contains(&kind)
}

fn is_broken_link(kind: u8) -> bool {
    (FIRST_BROKEN_LINK..=LAST_BROKEN_LINK).contains(&kind)
}

fn is_irap(kind: u8) -> bool {
    (FIRST_BROKEN_LINK..=LAST_IRAP).contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bits::bits_of;
    use crate::order::hevc::{PictureParameters, Sequence};
    use plan::AncestorFilter;
    use proptest::prelude::*;

    /// Of a stream that writes the low `4` bits of counts.
    fn reader() -> PictureReader {
        let sequence = format!("0000 000 1 {} 1 010 1 1 0 1 1 1 0 1 1 1", "0".repeat(96));
        let picture = [&[0, 0][..], &bits_of("1 1 0 0 000")].concat();
        let parameters = SequenceReferences {
            units: [Vec::new(), Vec::new()],
            sequence: Sequence::read(&mut BitReader::new(&bits_of(&sequence))).unwrap(),
            picture: PictureParameters::parse(&picture).unwrap(),
            sets: Vec::new(),
            long_term: None,
        };
        PictureReader {
            length_bytes: 4,
            parameters,
            kept: Vec::new(),
            counting: None,
            skips_leading: true,
        }
    }

    const BITS: u32 = 4;

    fn slice(kind: u8, count: i64, is_counted_from: bool, kept: Vec<i64>) -> Slice {
        Slice {
            kind,
            is_counted_from,
            count,
            kept,
        }
    }

    /// How far in order of the last that counts, whether it counts itself, which of those that are
    /// kept stay so, and whether it is wanted.
    fn pictures() -> impl Strategy<Value = Vec<(i64, bool, u16, bool)>> {
        let wanted = prop::bool::weighted(0.1);
        prop::collection::vec((-7_i64..8, any::<bool>(), any::<u16>(), wanted), 1..60)
    }

    proptest! {
        /// 4 bits tell a count from those less than 8 away from the last that counts.
        #[test]
        fn counts_come_out_right_whatever_is_left_out(pictures in pictures()) {
            let mut reader = reader();
            let first = slice(FIRST_IDR, 0, true, Vec::new());
            let mut coded = vec![(0, true)];
            let mut filter = AncestorFilter::new(u64::MAX);
            filter.push(reader.picture(&first).unwrap().links, 1, true);
            for (distance, counts, stays, is_wanted) in pictures {
                let last = reader.counting.unwrap().last;
                let count = last + distance;
                let kept = reader.kept.iter().map(|&(count, _)| count);
                let kept = kept.enumerate().filter(|(nth, _)| stays >> (nth % 16) & 1 == 1);
                let kept: Vec<i64> = kept.map(|(_, count)| count).take(8).collect();
                if reader.slot(count).is_some() {
                    continue;
                }
                let frame = reader.picture(&slice(1, count, counts, kept)).unwrap();
                filter.push(frame.links, 1, is_wanted || frame.is_always_needed);
                coded.push((count, counts));
            }
            filter.finish();
            let mut needed: Vec<u64> = (filter.take_verdicts().iter())
                .filter(|verdict| verdict.is_needed)
                .map(|verdict| verdict.frame)
                .collect();
            needed.sort_unstable();
            let mut last = 0;
            for (count, counts) in needed.into_iter().map(|frame| coded[frame as usize]) {
                let low = u32::try_from(count.rem_euclid(1 << BITS)).unwrap();
                prop_assert_eq!(whole_count(low, BITS, last), count);
                last = if counts { count } else { last };
            }
        }
    }

    #[test]
    fn pictures_that_lead_the_first_of_all_are_not_decoded() {
        let mut reader = reader();
        let cra = slice(21, 8, true, vec![0]);
        assert!(reader.picture(&cra).is_some());
        let leading = reader
            .picture(&slice(FIRST_RASL, 4, false, vec![0, 8]))
            .unwrap();
        assert_eq!(leading.links.refreshes, 0);
        let trailing = reader.picture(&slice(1, 12, true, vec![8])).unwrap();
        assert_eq!(trailing.links.references, 1);
        // Of a later one they are.
        reader.picture(&slice(21, 16, true, vec![12])).unwrap();
        let leading = reader
            .picture(&slice(FIRST_RASL, 14, false, vec![12, 16]))
            .unwrap();
        assert_eq!(leading.links.references.count_ones(), 2);
        assert_eq!(
            reader.picture(&slice(1, 18, true, vec![8])),
            None,
            "it is gone"
        );
    }
}
