//! NAL units as byte streams have them, each behind a start code: ITU-T H.264 and H.265, annex B.

use super::h264_units;
use super::hevc_units::{FIRST_PARAMETERS, PICTURE};
use super::nal::unescaped;
use crate::Codec;

/// Of a NAL unit, enough for what comes before the count of a slice.
const SLICE_HEAD_BYTES: usize = 96;

/// Where the bytes behind the next start code begin.
fn behind_code(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from.checked_add(2)?;
    loop {
        match *bytes.get(at)? {
            0 => at += 1,
            1 if bytes[at - 2..at] == [0, 0] => return Some(at + 1),
            // No code ends with one of the next two bytes either.
            _ => at += 3,
        }
    }
}

/// What lies behind each start code, up to the next one and without the zeros before that. Empty
/// ones are left out.
pub fn units(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut next = behind_code(bytes, 0);
    std::iter::from_fn(move || {
        let begin = next?;
        next = behind_code(bytes, begin);
        let end = next.map_or(bytes.len(), |next| next - 3);
        let unit = bytes.get(begin..end).unwrap_or_default();
        let zeros = unit.iter().rev().take_while(|&&byte| byte == 0).count();
        Some(&unit[..unit.len() - zeros])
    })
    .filter(|unit| !unit.is_empty())
}

/// Whether nothing but zeros comes before the first start code.
#[must_use]
pub fn begins_with_code(bytes: &[u8]) -> bool {
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
    zeros >= 2 && bytes.get(zeros) == Some(&1)
}

/// The same units as an MP4 stores them: each behind its length, of four bytes.
#[must_use]
pub fn length_prefixed(bytes: &[u8]) -> Vec<u8> {
    let mut sample = Vec::with_capacity(bytes.len() + 16);
    for unit in units(bytes) {
        push(&mut sample, unit);
    }
    sample
}

fn push(sample: &mut Vec<u8>, unit: &[u8]) {
    // What fits in memory by parts of a file is far smaller.
    let length = u32::try_from(unit.len()).unwrap_or(u32::MAX);
    sample.extend(length.to_be_bytes());
    sample.extend(unit);
}

/// What one access unit consists of, as far as it matters where decoding can begin.
#[derive(Debug, Default)]
pub struct UnitSummary<'a> {
    /// How many pictures, or fields of one, begin in it.
    pub pictures: usize,
    /// Parameter sets.
    pub sets: Vec<&'a [u8]>,
    /// Up to the beginning of the first slice, as an MP4 stores it.
    pub head: Vec<u8>,
    /// The beginning of the first slice.
    pub slice: Option<&'a [u8]>,
}

impl<'a> UnitSummary<'a> {
    /// Of H.264 or HEVC. None of what no usual stream has.
    #[must_use]
    pub fn of(codec: Codec, bytes: &'a [u8]) -> Option<Self> {
        let mut summary = Self::default();
        for unit in units(bytes) {
            let kind = UnitKind::of(codec, unit)?;
            match kind {
                UnitKind::Set => summary.sets.push(unit),
                UnitKind::Slice { begins_picture } => {
                    summary.pictures += usize::from(begins_picture);
                    // It goes on with a picture that began elsewhere.
                    if summary.pictures == 0 {
                        return None;
                    }
                }
                UnitKind::Other => {}
            }
            let is_slice = matches!(kind, UnitKind::Slice { .. });
            if summary.slice.is_none() {
                let most = if is_slice {
                    SLICE_HEAD_BYTES
                } else {
                    usize::MAX
                };
                push(&mut summary.head, &unit[..unit.len().min(most)]);
                summary.slice = is_slice.then_some(unit);
            }
        }
        Some(summary)
    }
}

#[derive(Debug, Clone, Copy)]
enum UnitKind {
    Set,
    Slice { begins_picture: bool },
    Other,
}

impl UnitKind {
    /// None of slices in partitions, and of other codecs.
    fn of(codec: Codec, unit: &[u8]) -> Option<Self> {
        let begins = |at: usize| unit.get(at).is_some_and(|byte| byte & 0x80 != 0);
        match codec {
            Codec::H264 { .. } => match unit[0] & 0x1f {
                // `first_mb_in_slice` is 0.
                1 | 5 => Some(Self::Slice {
                    begins_picture: begins(1),
                }),
                2..=4 => None,
                h264_units::SEQUENCE | h264_units::PICTURE => Some(Self::Set),
                _ => Some(Self::Other),
            },
            Codec::Hevc { .. } => {
                let layer = (unit[0] & 1) << 5 | unit.get(1)? >> 3;
                match unit[0] >> 1 & 0x3f {
                    _ if layer > 0 => Some(Self::Other),
                    0..=31 => Some(Self::Slice {
                        begins_picture: begins(2),
                    }),
                    FIRST_PARAMETERS..=PICTURE => Some(Self::Set),
                    _ => Some(Self::Other),
                }
            }
            _ => None,
        }
    }
}

/// What tells a parameter set from others: its kind, and its number where several may be in use.
/// None where it is not read.
#[must_use]
pub fn set_number(codec: Codec, set: &[u8]) -> Option<(u8, u32)> {
    let (kind, header) = match codec {
        Codec::H264 { .. } => (set[0] & 0x1f, 1),
        Codec::Hevc { .. } => (set[0] >> 1 & 0x3f, 2),
        _ => return None,
    };
    // The others count as one, whatever their numbers are.
    let is_of_pictures = matches!(
        (codec, kind),
        (Codec::H264 { .. }, h264_units::PICTURE) | (Codec::Hevc { .. }, PICTURE)
    );
    let number = match is_of_pictures {
        true => {
            let bytes = unescaped(set.get(header..)?, 16);
            super::bits::BitReader::new(&bytes).exp_golomb()?
        }
        false => 0,
    };
    Some((kind, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    const H264: Codec = Codec::H264 { length_bytes: 4 };

    #[test]
    fn units_lie_between_start_codes_of_any_length() {
        let stream = [
            &[0, 0, 0, 1, 9, 0xf0][..],
            &[0, 0, 1, 0x67, 1, 0, 0, 3, 1],
            &[0, 0, 0, 0, 1, 0x65, 0x80, 1, 1],
            &[0, 0, 1],
        ]
        .concat();
        let found: Vec<&[u8]> = units(&stream).collect();
        assert_eq!(
            found,
            [&[9, 0xf0][..], &[0x67, 1, 0, 0, 3, 1], &[0x65, 0x80, 1, 1]]
        );
        assert!(begins_with_code(&stream) && !begins_with_code(&stream[4..]));
        assert!(!begins_with_code(&[]) && !begins_with_code(&[0, 1]));
        assert_eq!(length_prefixed(&[0, 0, 1, 7, 8]), [0, 0, 0, 2, 7, 8]);
        assert_eq!(units(&[0, 0]).count() + units(&[1, 0, 0]).count(), 0);
    }

    #[test]
    fn pictures_are_counted_by_their_first_slices() {
        let slice = |first: bool| [0, 0, 1, 0x41, if first { 0x80 } else { 0x40 }, 9];
        let two_slices = [slice(true), slice(false)].concat();
        assert_eq!(UnitSummary::of(H264, &two_slices).unwrap().pictures, 1);
        let two = [slice(true), slice(true)].concat();
        assert_eq!(UnitSummary::of(H264, &two).unwrap().pictures, 2);
        assert!(UnitSummary::of(H264, &slice(false)).is_none());
        let partition = [0, 0, 1, 2, 0x80];
        assert!(UnitSummary::of(H264, &partition).is_none());
    }
}
