//! Pictures without a time of their own: multiplexers leave it out where no room is left for it in the
//! packet in which one begins. It follows from the times of those beside it and from the numbers of
//! pictures, `temporal_reference`: ISO/IEC 13818-2, 6.3.9.

use super::units::PlacedUnit;
use crate::IndexError;
use crate::ts::AccessUnit;

const UNTIMED: IndexError = IndexError::Unsupported("pictures of it have no times");

/// So many may follow each other.
const MOST_UNTIMED: usize = 3;
/// Of times.
const MASK: u64 = (1 << 33) - 1;
const SEQUENCE_HEADER: u8 = 0xb3;
const GROUP: u8 = 0xb8;

/// Gives each picture its times.
#[derive(Debug, Default)]
pub(super) struct PictureTimes {
    /// From picture to picture, ticks, where that is a whole number.
    step: Option<u64>,
    /// Of the last one that is complete.
    last: Option<NumberedTimes>,
    /// They wait for the next one that has its own.
    waiting: Vec<PlacedUnit>,
}

/// The times of a picture, and its number in its group.
#[derive(Debug, Clone, Copy)]
struct NumberedTimes {
    pts: u64,
    dts: u64,
    number: u16,
}

impl PictureTimes {
    /// Takes the next picture, and gives those that are complete by it.
    pub(super) fn take(&mut self, unit: PlacedUnit) -> Result<Vec<PlacedUnit>, IndexError> {
        if let Some(code) = frame_rate_code(headers(&unit)) {
            self.step = frame_ticks(code);
        }
        if unit.clock_at.is_none() {
            self.waiting.push(unit);
            let is_few = self.waiting.len() <= MOST_UNTIMED;
            return is_few.then(Vec::new).ok_or(UNTIMED);
        }
        let next = NumberedTimes::of(&unit)?;
        let mut complete = self.release(Some((next, begins_group(&unit))))?;
        self.last = Some(next);
        complete.push(unit);
        Ok(complete)
    }

    /// Those that the file ends with.
    pub(super) fn end(&mut self) -> Result<Vec<PlacedUnit>, IndexError> {
        self.release(None)
    }

    /// Where reading would have to begin to find the next picture that is not complete.
    pub(super) fn restart(&self) -> Option<u64> {
        self.waiting.first().map(|unit| unit.restart)
    }

    /// Gives those that wait the times between the last picture and the next one, which may begin a
    /// group.
    fn release(
        &mut self,
        next: Option<(NumberedTimes, bool)>,
    ) -> Result<Vec<PlacedUnit>, IndexError> {
        let mut units = std::mem::take(&mut self.waiting);
        if units.is_empty() {
            return Ok(units);
        }
        let step = self.step.ok_or(UNTIMED)?;
        let count = units.len() as u64;
        let before = self.last.map(|last| last.dts.wrapping_add(step) & MASK);
        let behind = next.map(|(next, _)| next.dts.wrapping_sub(step * count) & MASK);
        let first = before.or(behind).ok_or(UNTIMED)?;
        if behind.is_some_and(|behind| behind != first) {
            return Err(UNTIMED);
        }
        for nth in 0..units.len() {
            let number = number(&units[nth])?;
            let mut later = units[nth + 1..].iter();
            let is_of_next = !later.any(begins_group) && next.is_some_and(|(_, begins)| !begins);
            let beside = match begins_group(&units[nth]) {
                true => None,
                false => self.last,
            };
            let beside = beside.or(next.map(|(next, _)| next).filter(|_| is_of_next));
            let beside = beside.ok_or(UNTIMED)?;
            let steps = i64::from(number) - i64::from(beside.number);
            let ticks = steps * i64::try_from(step).unwrap_or(0);
            let times = NumberedTimes {
                pts: beside.pts.wrapping_add_signed(ticks) & MASK,
                dts: first.wrapping_add(step * nth as u64) & MASK,
                number,
            };
            let unit: &mut AccessUnit = &mut units[nth].unit;
            (unit.pts, unit.dts) = (times.pts, times.dts);
            self.last = Some(times);
        }
        Ok(units)
    }
}

impl NumberedTimes {
    fn of(unit: &PlacedUnit) -> Result<Self, IndexError> {
        Ok(Self {
            pts: unit.unit.pts,
            dts: unit.unit.dts,
            number: number(unit)?,
        })
    }
}

fn headers(unit: &PlacedUnit) -> &[u8] {
    unit.unit.bytes.get(..unit.picture_at).unwrap_or_default()
}

fn begins_group(unit: &PlacedUnit) -> bool {
    let is_group = |code: &[u8]| code == [0, 0, 1, GROUP];
    headers(unit).windows(4).any(is_group)
}

/// `temporal_reference`
fn number(unit: &PlacedUnit) -> Result<u16, IndexError> {
    let header = unit.unit.bytes.get(unit.picture_at + 4..);
    let header = header.and_then(<[u8]>::first_chunk).copied();
    Ok(u16::from_be_bytes(header.ok_or(UNTIMED)?) >> 6)
}

/// Of a sequence header: ISO/IEC 13818-2, 6.2.2.1.
fn frame_rate_code(headers: &[u8]) -> Option<u8> {
    let is_header = |code: &[u8]| code == [0, 0, 1, SEQUENCE_HEADER];
    let at = headers.windows(4).position(is_header)?;
    headers.get(at + 7).map(|rates| rates & 0x0f)
}

/// From picture to picture, where that is a whole number: ISO/IEC 13818-2, table 6-4.
fn frame_ticks(code: u8) -> Option<u64> {
    match code {
        2 => Some(3750),
        3 => Some(3600),
        4 => Some(3003),
        5 => Some(3000),
        6 => Some(1800),
        8 => Some(1500),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture with this number, with times or without; one with B-frames of 25 a second.
    fn picture(number: u16, times: Option<(u64, u64)>, begins_group: bool) -> PlacedUnit {
        let mut bytes = match begins_group {
            true => vec![0, 0, 1, SEQUENCE_HEADER, 0, 0, 0, 3, 0, 0, 1, GROUP],
            false => Vec::new(),
        };
        let picture_at = bytes.len();
        bytes.extend([0, 0, 1, 0]);
        bytes.extend((number << 6).to_be_bytes());
        let (pts, dts) = times.unwrap_or_default();
        PlacedUnit {
            unit: AccessUnit {
                from: 0,
                until: 0,
                pts,
                dts,
                bytes,
            },
            clock_at: times.map(|_| 0),
            picture_at,
            restart: u64::from(number),
        }
    }

    /// In decoding order, the keyframe of a group that begins with two pictures of the one before first.
    fn group(begin: u64, untimed: &[usize]) -> Vec<PlacedUnit> {
        let numbers = [2, 0, 1, 5, 3, 4, 8];
        let pictures = numbers.into_iter().enumerate().map(|(nth, number)| {
            let dts = begin + nth as u64 * 3600;
            let pts = begin + 3600 + u64::from(number) * 3600;
            let times = Some((pts, dts)).filter(|_| !untimed.contains(&nth));
            picture(number, times, nth == 0)
        });
        pictures.collect()
    }

    fn times(pictures: Vec<PlacedUnit>) -> Result<Vec<(u64, u64)>, IndexError> {
        let mut times = PictureTimes::default();
        let mut complete = Vec::new();
        for picture in pictures {
            complete.extend(times.take(picture)?);
        }
        complete.extend(times.end()?);
        let complete = complete.iter().map(|unit| (unit.unit.pts, unit.unit.dts));
        Ok(complete.collect())
    }

    #[test]
    fn times_that_are_left_out_follow_from_those_beside_them() {
        let two = |untimed: &[usize], other: &[usize]| {
            let mut both = group(9000, untimed);
            both.extend(group(9000 + 7 * 3600, other));
            both
        };
        let all = times(two(&[], &[])).unwrap();
        for (first, second) in [
            (&[1][..], &[][..]),
            (&[3, 4], &[]),
            (&[0], &[]),
            (&[], &[0]),
            (&[], &[6]),
            (&[2], &[1, 5]),
        ] {
            let found = times(two(first, second)).unwrap();
            assert_eq!(found, all, "without {first:?} and {second:?}");
        }
        assert!(times(two(&[6], &[0, 1, 2])).is_err(), "too many");
        let mut jump = group(9000, &[6]);
        jump.extend(group(9000 + 9 * 3600, &[]));
        assert!(
            times(jump).is_err(),
            "the times beside it are too far apart"
        );
    }
}
