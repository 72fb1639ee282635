//! FFV1: RFC 9043.

/// Whether nothing of the frame before is needed: `keyframe`, the first bit that is coded with a state
/// of one half. RFC 9043, 3.8.1 and 4.3.
pub(super) fn is_key(sample: &[u8]) -> bool {
    const HALF: u16 = 0x7f80;
    let first = sample.first_chunk();
    first.is_some_and(|&low| u16::from_be_bytes(low) >= HALF)
}
