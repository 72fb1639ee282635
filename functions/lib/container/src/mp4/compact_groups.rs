//! Groups of samples that repeat as patterns: `csgp`, ISO/IEC 14496-12, 8.9.5.

use super::fields::FieldReader;
use crate::IndexError;

const DAMAGED: IndexError = IndexError::Unsupported("its groups of samples are damaged");

/// Groups that a fragment itself describes are counted from here.
pub(super) const OF_FRAGMENT: u32 = 0x1_0000;

/// The patterns of one box.
#[derive(Debug)]
pub(super) struct CompactGroups {
    patterns: Vec<Pattern>,
    /// Of all patterns, one after the other.
    groups: Vec<u32>,
    /// The pattern that the next sample is of, where its groups begin, and its samples so far.
    now: (usize, usize, u32),
}

#[derive(Debug)]
struct Pattern {
    groups: usize,
    samples: u32,
}

/// Bits of the flags.
const IS_OF_FRAGMENT: u32 = 0x80;
const HAS_PARAMETER: u32 = 0x40;

impl CompactGroups {
    /// None where the box is about groups of another kind.
    pub(super) fn of(body: &[u8], kind: [u8; 4]) -> Result<Option<Self>, IndexError> {
        let mut fields = FieldReader::of(body);
        let (_, flags) = fields.version_and_flags()?;
        if fields.kind()? != kind {
            return Ok(None);
        }
        if flags & HAS_PARAMETER != 0 {
            fields.skip(4)?;
        }
        let count = fields.u32()?;
        let mut numbers = SizedNumbers {
            bytes: fields.rest(),
            at_bit: 0,
        };
        let mut patterns = Vec::new();
        for _ in 0..count {
            let groups = numbers.take(bits(flags >> 4))?;
            patterns.push(Pattern {
                groups: usize::try_from(groups).map_err(|_| DAMAGED)?,
                samples: numbers.take(bits(flags >> 2))?,
            });
        }
        let bits = bits(flags);
        let mut groups = Vec::new();
        for pattern in &patterns {
            for _ in 0..pattern.groups {
                groups.push(group(numbers.take(bits)?, bits, flags));
            }
        }
        Ok(Some(Self {
            patterns,
            groups,
            now: (0, 0, 0),
        }))
    }

    pub(super) fn step(&mut self) -> Option<u32> {
        let (mut nth, mut from, mut sample) = self.now;
        while sample >= self.patterns.get(nth)?.samples {
            from += self.patterns[nth].groups;
            (nth, sample) = (nth + 1, 0);
        }
        self.now = (nth, from, sample + 1);
        let groups = self.groups.get(from..from + self.patterns[nth].groups)?;
        let at = usize::try_from(sample).ok()?.checked_rem(groups.len())?;
        Some(groups[at])
    }
}

/// What two bits of the flags say of the size of numbers.
fn bits(code: u32) -> u32 {
    4 << (code & 3)
}

/// The highest bit may say that the group is described in the fragment itself.
fn group(number: u32, bits: u32, flags: u32) -> u32 {
    let highest = 1 << (bits - 1);
    match flags & IS_OF_FRAGMENT != 0 && number & highest != 0 {
        true => OF_FRAGMENT.saturating_add(number & !highest),
        false => number,
    }
}

/// Numbers of 4, 8, 16 or 32 bits.
struct SizedNumbers<'a> {
    bytes: &'a [u8],
    at_bit: usize,
}

impl SizedNumbers<'_> {
    fn take(&mut self, bits: u32) -> Result<u32, IndexError> {
        let nibbles = bits / 4;
        let mut number = 0;
        for _ in 0..nibbles {
            let byte = self.bytes.get(self.at_bit / 8).ok_or(DAMAGED)?;
            let nibble = if self.at_bit.is_multiple_of(8) {
                byte >> 4
            } else {
                byte & 0xf
            };
            number = number << 4 | u32::from(nibble);
            self.at_bit += 4;
        }
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unrolled(flags: u32, rest: &[u8]) -> Vec<u32> {
        let body = [&flags.to_be_bytes()[..], b"seig", rest].concat();
        let mut groups = CompactGroups::of(&body, *b"seig").unwrap().unwrap();
        std::iter::from_fn(|| groups.step()).collect()
    }

    #[test]
    fn patterns_repeat_for_as_many_samples_as_they_say() {
        // Two patterns: 1 2 for five samples, 0 for two.
        let nibbles = [0, 0, 0, 2, 0x25, 0x12, 0x12, 0x00];
        assert_eq!(unrolled(0, &nibbles), [1, 2, 1, 2, 1, 0, 0]);
        let wide = [0, 0, 0, 1, 0, 2, 5, 0, 0, 0, 1, 0, 0, 0, 2];
        assert_eq!(unrolled(0b10_01_11, &wide), [1, 2, 1, 2, 1]);
    }

    #[test]
    fn a_parameter_is_skipped_and_a_group_may_be_the_fragments_own() {
        let body = [9, 9, 9, 9, 0, 0, 0, 1, 0x23, 0x91];
        assert_eq!(unrolled(0xc0, &body), [0x1_0001, 1, 0x1_0001]);
    }

    #[test]
    fn what_is_cut_off_is_damaged_and_a_pattern_of_nothing_says_nothing() {
        let body = [&[0; 4][..], b"seig", &[0, 0, 0, 9, 0x11]].concat();
        assert!(CompactGroups::of(&body, *b"seig").is_err());
        assert!(CompactGroups::of(&body, *b"roll").unwrap().is_none());
        assert_eq!(unrolled(0, &[0, 0, 0, 1, 0x05]), [0_u32; 0]);
    }
}
