//! Where each edit unit lies, and when it is shown: SMPTE ST 377-1, 11.

use super::klv::DAMAGED;
use super::local_sets::properties;
use crate::{IndexError, IndexLimits};

pub(super) const NO_TABLE: IndexError =
    IndexError::Unsupported("it has no whole table of its pictures");
const ODD_TABLE: IndexError =
    IndexError::Unsupported("its table of pictures is of an unusual kind");
pub(super) const UNTRUE: IndexError = IndexError::Unsupported("its table of pictures is not true");

/// A part of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct IndexSegment {
    /// The table.
    table: u32,
    /// The essence.
    body: u32,
    rate: Option<(u32, u32)>,
    start: i64,
    duration: i64,
    /// Of each edit unit; 0 where they differ.
    unit_bytes: u32,
    entries: Vec<IndexEntry>,
}

/// Of one edit unit, in decoding order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct IndexEntry {
    /// How much later than its number the unit comes that is shown at the time of this number.
    temporal_offset: i8,
    flags: u8,
    /// In the essence.
    offset: u64,
}

impl IndexSegment {
    pub(super) fn parse(body: &[u8]) -> Result<Self, IndexError> {
        let mut segment = Self::default();
        let end = match entry_array(body) {
            Some((at, array)) => {
                segment.entries = entries(array)?;
                at
            }
            None => body.len(),
        };
        for property in properties(&body[..end]).chain(properties(after_array(body, end))) {
            let (tag, value) = property?;
            let number = || {
                value
                    .try_into()
                    .map(u32::from_be_bytes)
                    .map_err(|_| DAMAGED)
            };
            let long = || {
                value
                    .try_into()
                    .map(i64::from_be_bytes)
                    .map_err(|_| DAMAGED)
            };
            match tag {
                0x3f05 => segment.unit_bytes = number()?,
                0x3f06 => segment.table = number()?,
                0x3f07 => segment.body = number()?,
                0x3f0b => segment.rate = rate(value),
                0x3f0c => segment.start = long()?,
                0x3f0d => segment.duration = long()?,
                _ => {}
            }
        }
        Ok(segment)
    }

    /// As many entries as it says that it has.
    pub(super) fn stated_entries(body: &[u8]) -> usize {
        let array = entry_array(body).map(|(_, array)| array);
        let count = array.and_then(<[u8]>::first_chunk);
        count.map_or(0, |&count| u32::from_be_bytes(count) as usize)
    }

    pub(super) fn is_of(&self, table: u32, body: u32) -> bool {
        (self.table, self.body) == (table, body)
    }

    /// Entries of the units that it says it has. One more may tell where the last one ends.
    fn units(&self) -> Result<&[IndexEntry], IndexError> {
        let units = usize::try_from(self.duration).map_err(|_| ODD_TABLE)?;
        let is_whole = self.entries.len() == units || self.entries.len() == units + 1;
        self.entries
            .get(..units)
            .filter(|_| is_whole)
            .ok_or(ODD_TABLE)
    }
}

const ENTRY_ARRAY: u16 = 0x3f0a;

/// Where the tag of the array of entries begins, and the array: of one that is longer than its
/// two bytes of length can say, they say the rest of a division, or anything.
fn entry_array(body: &[u8]) -> Option<(usize, &[u8])> {
    let mut at = 0;
    loop {
        let (head, rest) = body.get(at..)?.split_first_chunk::<4>()?;
        let size = usize::from(u16::from_be_bytes([head[2], head[3]]));
        if u16::from_be_bytes([head[0], head[1]]) == ENTRY_ARRAY {
            return Some((at, rest.get(..array_bytes(rest)?)?));
        }
        at += 4 + size;
    }
}

/// Of an array with its count and the size of an entry before it.
fn array_bytes(array: &[u8]) -> Option<usize> {
    let (head, _) = array.split_first_chunk::<8>()?;
    let (count, size) = (
        u64::from_be_bytes(*head) >> 32,
        u64::from_be_bytes(*head) & u64::from(u32::MAX),
    );
    usize::try_from(count.checked_mul(size)?)
        .ok()?
        .checked_add(8)
}

fn after_array(body: &[u8], at: usize) -> &[u8] {
    let array = body.get(at + 4..).and_then(array_bytes);
    let end = array.and_then(|bytes| (at + 4).checked_add(bytes));
    end.and_then(|end| body.get(end..)).unwrap_or_default()
}

fn entries(array: &[u8]) -> Result<Vec<IndexEntry>, IndexError> {
    const LEAST_BYTES: usize = 11;
    let (head, entries) = array.split_at_checked(8).ok_or(DAMAGED)?;
    let size = u32::from_be_bytes([head[4], head[5], head[6], head[7]]) as usize;
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    if size < LEAST_BYTES {
        return Err(DAMAGED);
    }
    let entry = |entry: &[u8]| IndexEntry {
        temporal_offset: entry[0].cast_signed(),
        flags: entry[2],
        offset: entry[3..]
            .first_chunk()
            .map_or(0, |&it| u64::from_be_bytes(it)),
    };
    Ok(entries.chunks_exact(size).map(entry).collect())
}

fn rate(value: &[u8]) -> Option<(u32, u32)> {
    let &[one, other] = value.as_chunks::<4>().0 else {
        return None;
    };
    Some((u32::from_be_bytes(one), u32::from_be_bytes(other)))
}

/// One edit unit, in decoding order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EditUnit {
    /// In the essence.
    pub(super) offset: u64,
    /// Its number among those that are shown.
    pub(super) shown: u32,
    /// It refers to no other.
    pub(super) key: bool,
}

/// All edit units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum EditUnits {
    /// Of so many bytes each, shown as they lie there.
    Constant {
        bytes: u64,
        count: usize,
    },
    Listed(Vec<EditUnit>),
}

impl EditUnits {
    /// Of an essence of so many bytes, by all the segments of its table. None where there are none.
    pub(super) fn new(
        segments: &[&IndexSegment],
        essence_bytes: u64,
        rate: (u32, u32),
        limits: IndexLimits,
    ) -> Result<Option<Self>, IndexError> {
        let Some(first) = segments.first() else {
            return Ok(None);
        };
        if segments.iter().any(|segment| segment.rate != Some(rate)) {
            return Err(ODD_TABLE);
        }
        let units = match first.unit_bytes {
            0 => Self::listed(segments, limits)?,
            bytes => Self::constant(segments, bytes.into(), essence_bytes)?,
        };
        limits.samples.check(units.count())?;
        Ok(Some(units))
    }

    fn constant(
        segments: &[&IndexSegment],
        bytes: u64,
        essence_bytes: u64,
    ) -> Result<Self, IndexError> {
        let count = essence_bytes / bytes;
        for segment in segments {
            let is_stated = segment.duration != 0 && segment.duration.cast_unsigned() != count;
            let is_one = segment.start == 0 && segment.entries.is_empty();
            if is_stated || !is_one || u64::from(segment.unit_bytes) != bytes {
                return Err(ODD_TABLE);
            }
        }
        let count = usize::try_from(count).map_err(|_| ODD_TABLE)?;
        Ok(Self::Constant { bytes, count })
    }

    /// Segments may be told again, and then say the same.
    fn listed(segments: &[&IndexSegment], limits: IndexLimits) -> Result<Self, IndexError> {
        let mut segments = segments.to_vec();
        segments.sort_by_key(|segment| segment.start);
        segments.dedup();
        let mut units: Vec<EditUnit> = Vec::new();
        let mut shown = Vec::new();
        for segment in segments {
            if segment.start.cast_unsigned() != units.len() as u64 || segment.unit_bytes != 0 {
                return Err(ODD_TABLE);
            }
            let entries = segment.units()?;
            limits.samples.check(units.len() + entries.len())?;
            for entry in entries {
                let number = i64::try_from(units.len()).map_err(|_| ODD_TABLE)?;
                shown.push(number + i64::from(entry.temporal_offset));
                units.push(EditUnit {
                    offset: entry.offset,
                    shown: u32::MAX,
                    key: entry.flags & PREDICTED == 0,
                });
            }
        }
        let is_rising = units.windows(2).all(|pair| pair[0].offset < pair[1].offset);
        if units.is_empty() || units[0].offset != 0 || !is_rising {
            return Err(UNTRUE);
        }
        // At each time one is shown, and each at one time.
        for (time, unit) in shown.into_iter().enumerate() {
            let unit = usize::try_from(unit)
                .ok()
                .and_then(|unit| units.get_mut(unit));
            let unit = unit.filter(|unit| unit.shown == u32::MAX).ok_or(UNTRUE)?;
            unit.shown = u32::try_from(time).map_err(|_| ODD_TABLE)?;
        }
        Ok(Self::Listed(units))
    }

    pub(super) fn count(&self) -> usize {
        match self {
            Self::Constant { count, .. } => *count,
            Self::Listed(units) => units.len(),
        }
    }

    /// None behind the last one.
    pub(super) fn get(&self, nth: usize) -> Option<EditUnit> {
        match self {
            Self::Constant { bytes, count } => (nth < *count).then_some(EditUnit {
                offset: bytes.checked_mul(nth as u64)?,
                shown: u32::try_from(nth).ok()?,
                key: true,
            }),
            Self::Listed(units) => units.get(nth).copied(),
        }
    }

    /// Whether units are shown as they lie there.
    pub(super) fn is_in_order(&self) -> bool {
        match self {
            Self::Constant { .. } => true,
            Self::Listed(units) => units.is_sorted_by_key(|unit| unit.shown),
        }
    }

    /// Those that are marked as to refer to no other.
    pub(super) fn keys(&self) -> Vec<usize> {
        match self {
            Self::Constant { count, .. } => (0..*count).collect(),
            Self::Listed(units) => {
                let keys = units.iter().enumerate().filter(|(_, unit)| unit.key);
                keys.map(|(nth, _)| nth).collect()
            }
        }
    }
}

/// The flags that an edit unit refers to one before or behind it.
const PREDICTED: u8 = 0x30;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::LIMITS;

    fn segment(start: i64, entries: &[(i8, u8, u64)]) -> IndexSegment {
        let mut body = Vec::new();
        let mut property = |tag: u16, size: usize, value: &[u8]| {
            body.extend(tag.to_be_bytes());
            body.extend(u16::try_from(size & 0xffff).unwrap().to_be_bytes());
            body.extend(value);
        };
        property(0x3f0b, 8, &[0, 0, 0, 25, 0, 0, 0, 1]);
        property(0x3f0c, 8, &start.to_be_bytes());
        let count = u32::try_from(entries.len()).unwrap();
        let mut array = [count, 11].map(u32::to_be_bytes).concat();
        for (temporal, flags, offset) in entries {
            array.extend([temporal.cast_unsigned(), 0, *flags]);
            array.extend(offset.to_be_bytes());
        }
        property(0x3f0a, array.len(), &array);
        property(0x3f0d, 8, &u64::from(count).to_be_bytes());
        property(0x3f07, 4, &[0, 0, 0, 7]);
        IndexSegment::parse(&body).unwrap()
    }

    fn shown(segments: &[&IndexSegment]) -> Option<Vec<u32>> {
        match EditUnits::new(segments, 0, (25, 1), LIMITS).ok()?? {
            EditUnits::Listed(units) => Some(units.iter().map(|unit| unit.shown).collect()),
            EditUnits::Constant { .. } => None,
        }
    }

    #[test]
    fn a_temporal_offset_says_which_unit_is_shown_at_its_time() {
        let one = segment(
            0,
            &[(0, 0, 0), (1, 0x22, 10), (1, 0x33, 20), (-2, 0x33, 30)],
        );
        let other = segment(4, &[(0, 0, 40)]);
        assert!(one.is_of(0, 7));
        assert_eq!(shown(&[&one]), Some(vec![0, 3, 1, 2]));
        assert_eq!(shown(&[&other, &one, &other]), Some(vec![0, 3, 1, 2, 4]));
        assert_eq!(shown(&[&other]), None, "the first is missing");
        let twice = segment(0, &[(0, 0, 0), (-1, 0, 10)]);
        assert_eq!(shown(&[&twice]), None, "shown twice");
        let back = segment(0, &[(0, 0, 0), (0, 0, 10), (0, 0, 10)]);
        assert_eq!(shown(&[&back]), None, "at one place");
        let late = segment(0, &[(0, 0, 5)]);
        assert_eq!(shown(&[&late]), None, "something comes before it");
        assert_eq!(shown(&[]), None);
    }

    /// Avid writes arrays that are longer than their length can say.
    #[test]
    fn an_array_may_be_longer_than_its_length_says() {
        let entries: Vec<(i8, u8, u64)> = (0..7000).map(|nth| (0, 0, nth * 5)).collect();
        let long = segment(0, &entries);
        assert_eq!(shown(&[&long]).unwrap().len(), 7000);
        assert!(long.is_of(0, 7), "what comes behind it is read");
    }
}
