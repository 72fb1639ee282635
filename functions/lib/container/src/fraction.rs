//! Ratios of whole numbers in lowest terms.

/// None where it is absurd: zero, or beyond 32 bits in lowest terms.
pub(crate) fn ratio(one: u64, other: u64) -> Option<(u32, u32)> {
    let shared = greatest_divisor(one, other);
    let part = |part: u64| u32::try_from(part / shared).ok().filter(|&part| part > 0);
    part(one).zip(part(other))
}

/// At least 1.
pub(crate) fn greatest_divisor(one: u64, other: u64) -> u64 {
    let (mut one, mut other) = (one, other);
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one.max(1)
}
