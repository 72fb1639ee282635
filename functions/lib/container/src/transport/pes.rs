//! What a PES packet of a video begins with: ISO/IEC 13818-1, 2.4.3.6.

/// Whether the PES packet of a video that begins so says that what it carries is scrambled.
pub(crate) fn has_scrambled_payload(payload: &[u8]) -> bool {
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
pub(crate) fn presentation_time(payload: &[u8]) -> Option<u64> {
    flags(payload)?;
    let is_there = payload.get(7)? & 0x80 != 0;
    is_there.then(|| time(payload.get(9..14)?)).flatten()
}

pub(crate) fn time(bytes: &[u8]) -> Option<u64> {
    let &[high, a, b, c, d] = bytes else {
        return None;
    };
    let pair = |one: u8, other: u8| u64::from(u16::from_be_bytes([one, other]) >> 1);
    Some(u64::from(high >> 1 & 7) << 30 | pair(a, b) << 15 | pair(c, d))
}

/// The header of a PES packet of a video or a sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PesHeader {
    /// Presentation and decoding time, ticks of 90 kHz in 33 bits.
    pub(crate) pts: Option<u64>,
    pub(crate) dts: Option<u64>,
    /// Where what it carries begins.
    pub(crate) bytes: usize,
    /// How much it carries, where it is said.
    pub(crate) carried: Option<usize>,
}

impl PesHeader {
    /// None where it is none, or does not lie whole in this first packet of it.
    pub(crate) fn parse(payload: &[u8]) -> Option<Self> {
        let &[0, 0, 1, _, length_high, length_low, first, second, rest, ..] = payload else {
            return None;
        };
        if first & 0xc0 != 0x80 {
            return None;
        }
        let bytes = 9 + usize::from(rest);
        payload.get(..bytes)?;
        let length = usize::from(u16::from_be_bytes([length_high, length_low]));
        let carried = match length {
            0 => None,
            length => Some((6 + length).checked_sub(bytes)?),
        };
        let at = |at: usize| payload.get(at..at + 5).filter(|_| at + 5 <= bytes);
        let pts = (second & 0x80 != 0).then(|| time(at(9)?)).flatten();
        let dts = (second & 0xc0 == 0xc0).then(|| time(at(14)?)).flatten();
        Some(Self {
            pts,
            dts,
            bytes,
            carried,
        })
    }
}
