//! Short-term reference picture sets of HEVC: ITU-T H.265, 7.3.7 and 7.4.8.

use crate::bits::BitReader;

/// A.4.2: no decoder keeps more.
const MOST_PICTURES: u32 = 16;

/// Distances in picture order to all pictures that are kept, whether the next one refers to them or
/// only later ones do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ReferenceSet {
    /// Below 0, the nearest first.
    before: Vec<i32>,
    /// Above 0, the nearest first.
    after: Vec<i32>,
}

impl ReferenceSet {
    pub(super) fn distances(&self) -> impl Iterator<Item = i32> {
        self.before.iter().chain(&self.after).copied()
    }

    /// `st_ref_pic_set(known.len())`: `known` are those of the sequence before it, or all of them
    /// for one in a slice header.
    pub(super) fn read(
        bits: &mut BitReader<'_>,
        known: &[Self],
        is_in_slice: bool,
    ) -> Option<Self> {
        if !known.is_empty() && bits.flag()? {
            let back = if is_in_slice { bits.exp_golomb()? } else { 0 };
            let from = known.len().checked_sub(1)?.checked_sub(back as usize)?;
            return known[from].predicted(bits);
        }
        let (before, after) = (bits.exp_golomb()?, bits.exp_golomb()?);
        if before.max(after) > MOST_PICTURES {
            return None;
        }
        Some(Self {
            before: Self::explicit(bits, before, -1)?,
            after: Self::explicit(bits, after, 1)?,
        })
    }

    fn explicit(bits: &mut BitReader<'_>, count: u32, sign: i32) -> Option<Vec<i32>> {
        let mut distance = 0_i32;
        let each = (0..count).map(|_| {
            let step = i32::try_from(bits.exp_golomb()?).ok()?.checked_add(1)?;
            distance = distance.checked_add(step)?;
            // `used_by_curr_pic`
            bits.skip(1)?;
            Some(distance * sign)
        });
        each.collect()
    }

    /// One whose pictures are told from those of this one.
    fn predicted(&self, bits: &mut BitReader<'_>) -> Option<Self> {
        let is_before = bits.flag()?;
        let distance = i32::try_from(bits.exp_golomb()?).ok()?.checked_add(1)?;
        let moved = if is_before { -distance } else { distance };
        // Of the other's pictures, and last of the picture that it is of.
        let all: Vec<i32> = self.distances().chain([0]).collect();
        let mut kept = Vec::with_capacity(all.len());
        for from in all {
            let is_used = bits.flag()?;
            let is_kept = is_used || bits.flag()?;
            let distance = from.checked_add(moved)?;
            if is_kept && distance != 0 {
                kept.push(distance);
            }
        }
        if kept.len() > MOST_PICTURES as usize {
            return None;
        }
        kept.sort_unstable_by_key(|distance| distance.abs());
        let (before, after) = kept.into_iter().partition(|&distance| distance < 0);
        Some(Self { before, after })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bits::bits_of;

    fn set(before: &[i32], after: &[i32]) -> ReferenceSet {
        ReferenceSet {
            before: before.to_vec(),
            after: after.to_vec(),
        }
    }

    #[test]
    fn sets_are_read_as_they_are_or_told_from_others() {
        // Two before, at 1 and 3; one after, at 2.
        let bits = bits_of("011 010 1 1 010 0 010 1");
        let first = ReferenceSet::read(&mut BitReader::new(&bits), &[], false).unwrap();
        assert_eq!(first, set(&[-1, -3], &[2]));
        // Predicted from that, one picture later: all but the second, and the picture itself.
        let bits = bits_of("1 1 1 1 00 1 1");
        let known = [first];
        let second = ReferenceSet::read(&mut BitReader::new(&bits), &known, false).unwrap();
        assert_eq!(second, set(&[-1, -2], &[1]));
        // In a slice: from the one before the last.
        let bits = bits_of("1 010 0 1 1 1 00 00");
        let known = [known[0].clone(), second];
        let third = ReferenceSet::read(&mut BitReader::new(&bits), &known, true).unwrap();
        assert_eq!(third, set(&[-2], &[]));
        let bits = bits_of("1 00100 0 1 1 1 00 00");
        assert_eq!(
            ReferenceSet::read(&mut BitReader::new(&bits), &known, true),
            None
        );
    }
}
