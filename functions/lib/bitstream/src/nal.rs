//! NAL units as MP4 stores them: each behind its length. ISO/IEC 14496-15, 4.3.

/// The NAL units of a sample; of the last one as much as there is.
pub(super) fn units(mut sample: &[u8], length_bytes: u8) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (prefix, rest) = sample.split_at_checked(usize::from(length_bytes))?;
        let (unit, rest) = rest.split_at(length(prefix).min(rest.len()));
        sample = rest;
        Some(unit)
    })
    .filter(|unit| !unit.is_empty())
}

/// Whether a sample is made of whole units up to its last byte. One that is not is broken, and what
/// seem to be its headers may be anything.
pub(super) fn are_whole(sample: &[u8], length_bytes: u8) -> bool {
    let mut rest = sample;
    while let Some((prefix, after)) = rest.split_at_checked(usize::from(length_bytes)) {
        let Some(next) = after.get(length(prefix)..) else {
            return false;
        };
        rest = next;
    }
    rest.is_empty()
}

fn length(prefix: &[u8]) -> usize {
    prefix
        .iter()
        .fold(0, |length, &byte| length << 8 | usize::from(byte))
}

/// Where the NAL units of a sample begin, behind their lengths.
pub(super) fn starts(sample: &[u8], length_bytes: u8) -> impl Iterator<Item = usize> {
    let whole = sample.as_ptr().addr();
    units(sample, length_bytes).map(move |unit| unit.as_ptr().addr() - whole)
}

/// `unit` behind its length.
#[cfg(test)]
#[must_use]
pub fn prefixed(unit: &[u8], length_bytes: u8) -> Vec<u8> {
    let length = (unit.len() as u64).to_be_bytes();
    let prefix = &length[length.len() - usize::from(length_bytes.min(8))..];
    [prefix, unit].concat()
}

/// The start of a NAL unit's payload without the bytes that keep start codes from appearing in
/// it; at most `most` bytes.
pub(super) fn unescaped(payload: &[u8], most: usize) -> Vec<u8> {
    kept(payload).map(|(_, byte)| byte).take(most).collect()
}

/// The bytes of a payload that are no escapes, each with its place.
pub(super) fn kept(payload: &[u8]) -> impl Iterator<Item = (usize, u8)> {
    let mut zeros = 0;
    payload
        .iter()
        .enumerate()
        .filter_map(move |(place, &byte)| {
            if zeros >= 2 && byte == 3 {
                zeros = 0;
                return None;
            }
            zeros = if byte == 0 { zeros + 1 } else { 0 };
            Some((place, byte))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_told_apart_and_of_the_last_what_is_there_is_taken() {
        let sample = [0, 0, 0, 2, 1, 2, 0, 0, 0, 1, 3, 0, 0, 0, 9, 4];
        assert_eq!(
            units(&sample, 4).collect::<Vec<_>>(),
            [&[1_u8, 2][..], &[3], &[4]]
        );
        assert!(!are_whole(&sample, 4) && !are_whole(&sample[..13], 4));
        assert!(are_whole(&sample[..11], 4));
        assert_eq!(prefixed(&[7, 8], 4), [0, 0, 0, 2, 7, 8]);
        assert_eq!(prefixed(&[7], 1), [1, 7]);
    }

    #[test]
    fn emulation_prevention_is_taken_out() {
        assert_eq!(unescaped(&[1, 0, 0, 3, 1, 0, 0, 3], 9), [1, 0, 0, 1, 0, 0]);
    }
}
