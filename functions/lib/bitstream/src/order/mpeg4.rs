//! The order of output of MPEG-4 part 2: ISO/IEC 14496-2, 6.2.3, 6.2.5 and 6.3.5. A picture that
//! others refer to is held back until the next such one; those in between come first.

use crate::mpeg4_layer::Mpeg4Layer;

const OBJECT_PLANE: u8 = 0xb6;
/// Headers before the picture are shorter.
const MOST_HEADER_BYTES: usize = 4096;

const BIDIRECTIONAL: u8 = 2;

/// Places for pictures between two that others refer to.
const BETWEEN: i64 = 1 << 16;

#[derive(Debug)]
pub(super) struct OrderCount {
    says_low_delay: bool,
    /// The last picture that others refer to, counted from 0.
    reference: i64,
    /// How many pictures came between it and the one before.
    between: i64,
}

impl OrderCount {
    pub(super) fn new(entry: &[u8]) -> Self {
        Self {
            says_low_delay: says_low_delay(entry),
            reference: 0,
            between: 0,
        }
    }

    pub(super) fn never_reorders(&self) -> bool {
        self.says_low_delay
    }

    pub(super) fn next(&mut self, sample: &[u8]) -> Option<i64> {
        let head = &sample[..sample.len().min(MOST_HEADER_BYTES)];
        let mut planes = start_codes(head, |code| code == OBJECT_PLANE);
        let kind = planes.next()?.first()? >> 6;
        if start_codes(sample, |code| code == OBJECT_PLANE)
            .nth(1)
            .is_some()
        {
            // Two in one sample, as AVI has them: samples are no pictures then.
            return None;
        }
        if kind == BIDIRECTIONAL {
            self.between = (self.between + 1).min(BETWEEN - 1);
            return Some((self.reference - 1) * BETWEEN + self.between);
        }
        self.reference += 1;
        self.between = 0;
        Some(self.reference * BETWEEN)
    }
}

/// What follows each start code that is meant.
fn start_codes(bytes: &[u8], is_meant: impl Fn(u8) -> bool) -> impl Iterator<Item = &[u8]> {
    let codes = bytes.windows(4).enumerate();
    let meant = codes.filter(move |(_, code)| code[..3] == [0, 0, 1] && is_meant(code[3]));
    meant.map(move |(at, _)| &bytes[at + 4..])
}

/// No picture of the layer is held back.
fn says_low_delay(entry: &[u8]) -> bool {
    Mpeg4Layer::find(entry).is_some_and(|layer| layer.low_delay == Some(true))
}
