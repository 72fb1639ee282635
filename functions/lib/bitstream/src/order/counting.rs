//! How a decoder completes counts of which only the low bits are written, where pictures are left
//! out.

/// A decoder counts from the last picture that others count from: ITU-T H.264, 8.2.1.1; ITU-T H.265,
/// 8.3.1.
///
/// A count comes out right after any of those since `lowest` and `highest` were set, whichever of
/// them are left out, while it is less than half the range of the low bits away from all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counting {
    /// Of the last picture that others count from.
    pub(crate) last: i64,
    lowest: i64,
    highest: i64,
}

impl Counting {
    /// From a picture that is always decoded.
    pub(crate) fn anchored(count: i64) -> Self {
        Self {
            last: count,
            lowest: count,
            highest: count,
        }
    }

    /// Others count from one with this count, whether or not it is decoded.
    pub(crate) fn after(self, count: i64) -> Self {
        Self {
            last: count,
            lowest: self.lowest.min(count),
            highest: self.highest.max(count),
        }
    }

    /// Whether a decoder may complete this count otherwise where pictures are left out.
    pub(crate) fn is_far(&self, count: i64, bits: u32) -> bool {
        let half = 1_i64 << (bits - 1);
        (count - self.lowest).abs() >= half || (count - self.highest).abs() >= half
    }
}
