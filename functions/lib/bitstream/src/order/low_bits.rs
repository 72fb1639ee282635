//! Counts that headers give by their low bits.

/// The count of a picture of which only the low bits are written: ITU-T H.264, 8.2.1.1; ITU-T
/// H.265, 8.3.1.
pub(crate) fn whole_count(low: u32, bits: u32, before: i64) -> i64 {
    let range = 1_i64 << bits.min(32);
    let high = before - before.rem_euclid(range);
    let (low, low_before) = (i64::from(low), before.rem_euclid(range));
    if low < low_before && low_before - low >= range / 2 {
        high + range + low
    } else if low > low_before && low - low_before > range / 2 {
        high - range + low
    } else {
        high + low
    }
}
