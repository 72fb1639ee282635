//! Bits of a header, the highest of each byte first.

/// Reads on; none where the bits are at their end.
#[derive(Debug)]
pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> BitReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn flag(&mut self) -> Option<bool> {
        let byte = self.bytes.get(self.at / 8)?;
        let bit = byte >> (7 - self.at % 8) & 1;
        self.at += 1;
        Some(bit == 1)
    }

    /// An unsigned number of so many bits, 32 at most.
    pub(super) fn number(&mut self, bits: u32) -> Option<u32> {
        (0..bits.min(32)).try_fold(0_u32, |number, _| {
            Some(number << 1 | u32::from(self.flag()?))
        })
    }

    pub(super) fn skip(&mut self, bits: usize) -> Option<()> {
        self.at = self.at.checked_add(bits)?;
        (self.at <= self.bytes.len() * 8).then_some(())
    }

    /// `ue(v)`: ITU-T H.264, 9.1; ITU-T H.265, 9.2.
    pub(super) fn exp_golomb(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while !self.flag()? {
            zeros += 1;
            if zeros > 31 {
                return None;
            }
        }
        let rest = self.number(zeros)?;
        ((1_u32 << zeros) - 1).checked_add(rest)
    }

    /// `se(v)`: ITU-T H.264, 9.1.1.
    pub(super) fn signed_exp_golomb(&mut self) -> Option<i64> {
        let coded = i64::from(self.exp_golomb()?);
        Some(if coded % 2 == 1 {
            (coded + 1) / 2
        } else {
            -coded / 2
        })
    }
}

/// Bits written as text.
#[cfg(test)]
#[must_use]
pub fn bits_of(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(|byte| b"01".contains(byte)).collect();
    let byte = |eight: &[u8]| {
        let value = eight
            .iter()
            .fold(0, |value, digit| value << 1 | (digit & 1));
        value << (8 - eight.len())
    };
    digits.chunks(8).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_all_kinds_are_read() {
        let mut bits = BitReader::new(&[0b1010_0110, 0b0100_0010, 0b1000_0000]);
        assert_eq!(bits.exp_golomb(), Some(0));
        assert_eq!(bits.exp_golomb(), Some(1));
        assert_eq!(bits.exp_golomb(), Some(2));
        assert_eq!(bits.number(3), Some(0b001));
        assert_eq!(bits.exp_golomb(), Some(19));
        assert_eq!(bits.flag(), Some(false));
        assert_eq!(bits.exp_golomb(), None);
        let signed = bits_of("1 010 011 00100 00101");
        let mut bits = BitReader::new(&signed);
        let read = [(); 5].map(|()| bits.signed_exp_golomb());
        assert_eq!(read, [0, 1, -1, 2, -2].map(Some));
    }
}
