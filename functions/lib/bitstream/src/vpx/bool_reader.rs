//! The arithmetic coding of VP8's headers: RFC 6386, 7.3.

/// Reads flags that are as likely as not. Past the end it reads zeros, as decoders do.
#[derive(Debug)]
pub(super) struct BoolReader<'a> {
    bytes: std::slice::Iter<'a, u8>,
    value: u32,
    range: u32,
    /// Shifted out of `value` since the last byte came in.
    shifted: u32,
}

impl<'a> BoolReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let mut reader = Self {
            bytes: bytes.iter(),
            value: 0,
            range: 255,
            shifted: 0,
        };
        reader.value = reader.byte() << 8 | reader.byte();
        reader
    }

    pub(super) fn flag(&mut self) -> bool {
        let split = 1 + ((self.range - 1) >> 1);
        let is_set = self.value >= split << 8;
        if is_set {
            self.range -= split;
            self.value -= split << 8;
        } else {
            self.range = split;
        }
        while self.range < 128 {
            self.value <<= 1;
            self.range <<= 1;
            self.shifted += 1;
            if self.shifted == 8 {
                self.shifted = 0;
                self.value |= self.byte();
            }
        }
        is_set
    }

    pub(super) fn number(&mut self, bits: u32) -> u32 {
        (0..bits).fold(0, |number, _| number << 1 | u32::from(self.flag()))
    }

    /// Numbers of so many bits with a sign, each behind a flag; whether all were there.
    pub(super) fn skip_optional(&mut self, count: usize, bits: u32) -> bool {
        let is_there = |_: usize| {
            let is_there = self.flag();
            if is_there {
                self.number(bits + 1);
            }
            is_there
        };
        let there: Vec<bool> = (0..count).map(is_there).collect();
        there.into_iter().all(|is_there| is_there)
    }

    fn byte(&mut self) -> u32 {
        self.bytes.next().copied().map_or(0, u32::from)
    }
}

/// Flags as an encoder writes them: RFC 6386, 7.3.
#[cfg(test)]
pub(super) fn written(text: &str) -> Vec<u8> {
    let flags = text.bytes().filter(|byte| b"01".contains(byte));
    let (mut out, mut bottom, mut range, mut left) = (Vec::<u8>::new(), 0_u32, 255_u32, 24);
    for flag in flags.chain(std::iter::repeat_n(b'0', 40)) {
        let split = 1 + ((range - 1) >> 1);
        if flag == b'1' {
            bottom += split;
        }
        range = if flag == b'1' { range - split } else { split };
        while range < 128 {
            if bottom >> 31 == 1 {
                let carried = out.iter().rposition(|&byte| byte != 255).unwrap();
                out[carried] += 1;
                out[carried + 1..].fill(0);
            }
            (range, bottom, left) = (range << 1, bottom << 1, left - 1);
            if left == 0 {
                out.push((bottom >> 24) as u8);
                (bottom, left) = (bottom & 0xff_ffff, 8);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let text = "1011 0000 1111111111 0101 0 1 1 0 00000000 11111111 1";
        let bytes = written(text);
        let mut reader = BoolReader::new(&bytes);
        for digit in text.bytes().filter(|byte| b"01".contains(byte)) {
            assert_eq!(reader.flag(), digit == b'1');
        }
    }

    #[test]
    fn what_is_optional_is_passed_over() {
        let bytes = written("1 0000001 1 1111110 0 101");
        let mut reader = BoolReader::new(&bytes);
        assert!(reader.skip_optional(2, 6));
        assert!(!reader.skip_optional(1, 6));
        assert_eq!(reader.number(3), 5);
    }
}
