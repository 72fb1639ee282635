//! What a PES packet of a video begins with: ISO/IEC 13818-1, 2.4.3.6.

/// Whether the PES packet of a video that begins so says that what it carries is scrambled.
pub(super) fn has_scrambled_payload(payload: &[u8]) -> bool {
    flags(payload).is_some_and(|flags| flags & 0x30 != 0)
}

/// `10`, `PES_scrambling_control` and what follows on it.
fn flags(payload: &[u8]) -> Option<u8> {
    match payload {
        // Videos, and extended identifiers: VC-1, Dirac.
        [0, 0, 1, 0xe0..=0xef | 0xfd, _, _, flags, ..] if flags & 0xc0 == 0x80 => Some(*flags),
        _ => None,
    }
}

/// Ticks of 90 kHz in 33 bits; none where it is not said, or not in these bytes.
pub(super) fn presentation_time(payload: &[u8]) -> Option<u64> {
    flags(payload)?;
    let &[high, a, b, c, d] = payload.get(9..14)? else {
        return None;
    };
    let is_there = payload[7] & 0x80 != 0;
    let pair = |one: u8, other: u8| u64::from(u16::from_be_bytes([one, other]) >> 1);
    is_there.then(|| u64::from(high >> 1 & 7) << 30 | pair(a, b) << 15 | pair(c, d))
}
