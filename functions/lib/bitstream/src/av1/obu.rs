//! Open bitstream units: AV1 bitstream specification, 5.3.

use std::ops::Range;

pub(super) const SEQUENCE_HEADER: u8 = 1;
pub(super) const FRAME_HEADER: u8 = 3;
pub(super) const TILE_GROUP: u8 = 4;
pub(super) const FRAME: u8 = 6;
pub(super) const REDUNDANT_FRAME_HEADER: u8 = 7;
pub(super) const TILE_LIST: u8 = 8;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Obu<'a> {
    /// `obu_type`
    pub(super) kind: u8,
    /// None where it says nothing of layers.
    pub(super) layer: Option<LayerId>,
    pub(super) payload: &'a [u8],
    /// Where it lies in the sample, header and all.
    pub(super) place: Range<usize>,
}

/// The layer that a unit belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct LayerId {
    pub(super) temporal: u8,
    pub(super) spatial: u8,
}

/// Those of a sample, up to the first that is broken.
#[derive(Debug)]
pub(super) struct ObuReader<'a> {
    sample: &'a [u8],
    at: usize,
    /// What there is of a unit that breaks off is given as well.
    is_head: bool,
}

impl<'a> ObuReader<'a> {
    pub(super) fn new(sample: &'a [u8]) -> Self {
        Self {
            sample,
            at: 0,
            is_head: false,
        }
    }

    /// Those of the beginning of a sample, the last one as far as it goes.
    pub(super) fn of_head(head: &'a [u8]) -> Self {
        Self {
            is_head: true,
            ..Self::new(head)
        }
    }

    /// Whether all were read.
    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.sample.len()
    }

    fn read(&self) -> Option<Obu<'a>> {
        let (&header, mut rest) = self.sample.get(self.at..)?.split_first()?;
        if header & 0x80 != 0 {
            return None;
        }
        let mut layer = None;
        if header & 4 != 0 {
            let (&extension, after) = rest.split_first()?;
            let (temporal, spatial) = (extension >> 5, extension >> 3 & 3);
            layer = Some(LayerId { temporal, spatial });
            rest = after;
        }
        // The last one may have no size.
        let (length, rest) = match header & 2 {
            0 => (rest.len(), rest),
            _ => leb128(rest)?,
        };
        let length = match self.is_head {
            true => length.min(rest.len()),
            false => length,
        };
        let payload = rest.get(..length)?;
        let end = self.sample.len() - (rest.len() - length);
        Some(Obu {
            kind: header >> 3 & 15,
            layer,
            payload,
            place: self.at..end,
        })
    }
}

impl<'a> Iterator for ObuReader<'a> {
    type Item = Obu<'a>;

    fn next(&mut self) -> Option<Obu<'a>> {
        let unit = self.read()?;
        self.at = unit.place.end;
        Some(unit)
    }
}

/// `leb128()`: 4.10.5.
fn leb128(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0_u64;
    for (nth, &byte) in bytes.iter().take(8).enumerate() {
        value |= u64::from(byte & 0x7f) << (nth * 7);
        if byte & 0x80 == 0 {
            return Some((usize::try_from(value).ok()?, &bytes[nth + 1..]));
        }
    }
    None
}

/// A unit with its size.
#[cfg(test)]
pub(super) fn sized(kind: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).expect("short");
    assert!(length < 128);
    [&[kind << 3 | 2, length], payload].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_follow_each_other_and_the_last_may_have_no_size() {
        let sample = [
            &sized(2, &[])[..],
            &[0x36, 0b0100_1000, 1, 9],
            &[0x18, 7, 8],
        ]
        .concat();
        let mut reader = ObuReader::new(&sample);
        let units: Vec<_> = reader.by_ref().collect();
        assert!(reader.is_at_end());
        let seen: Vec<_> = units.iter().map(|u| (u.kind, u.place.clone())).collect();
        assert_eq!(seen, [(2, 0..2), (6, 2..6), (3, 6..9)]);
        assert_eq!(
            units[1].layer,
            Some(LayerId {
                temporal: 2,
                spatial: 1
            })
        );
        assert_eq!(
            (units[1].payload, units[2].payload),
            (&[9][..], &[7, 8][..])
        );
    }

    #[test]
    fn what_is_cut_off_is_no_unit() {
        for broken in [
            &[0x32, 0xff, 0xff][..],
            &[0x32, 5, 1],
            &[0x32],
            &[0x36, 0],
            &[0xb2, 0],
        ] {
            let mut reader = ObuReader::new(broken);
            assert_eq!((reader.next(), reader.is_at_end()), (None, false));
        }
    }
}
