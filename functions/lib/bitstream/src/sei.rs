//! The messages of a unit of supplemental enhancement information: ITU-T H.264, 7.3.2.3, and H.265,
//! 7.3.5.

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SeiMessage<'a> {
    /// `payloadType`.
    pub(super) kind: usize,
    /// Where that is stated, among the bytes of the unit once they are unescaped.
    pub(super) kind_at: usize,
    /// The message, and all that comes after it.
    pub(super) rest: &'a [u8],
}

/// Those of a unit's payload, unescaped. Ends where there is no whole one.
pub(super) fn messages(bytes: &[u8]) -> impl Iterator<Item = SeiMessage<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let unit = bytes.get(at..).filter(|unit| unit.len() > 2)?;
        let (kind, after) = number(unit)?;
        let (length, rest) = number(after)?;
        let kind_at = at;
        at = bytes.len() - rest.len() + length;
        Some(SeiMessage {
            kind,
            kind_at,
            rest,
        })
    })
}

/// A number as a run of 255s and a rest.
fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let full = bytes.iter().take_while(|&&byte| byte == 255).count();
    let last = usize::from(*bytes.get(full)?);
    Some((full * 255 + last, &bytes[full + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_follow_each_other_by_their_lengths() {
        let bytes = [5, 1, 9, 255, 1, 2, 7, 7, 0x80];
        let found: Vec<_> = messages(&bytes).collect();
        let places: Vec<_> = found.iter().map(|m| (m.kind, m.kind_at)).collect();
        assert_eq!(places, [(5, 0), (256, 3)]);
        assert_eq!(found[1].rest, [7, 7, 0x80]);
        assert_eq!(messages(&[5, 200, 1]).count(), 1, "its end is missing");
        assert_eq!(messages(&[255, 255, 255]).count(), 0);
    }
}
