//! Pictures without a time of their own: multiplexers leave it out where no room is left for it in the
//! packet in which one begins. It follows from the times of those beside it and from the places of
//! pictures in the order of output: ISO/IEC 13818-2, 6.3.9. Of H.264 and HEVC, whose headers tell no
//! steady rate, ffmpeg guesses: a video with such pictures is left to it.

use super::coding::VideoCoding;
use super::units::PlacedUnit;
use crate::IndexError;
use crate::ts::UnitStart;
use bitstream::order::OutputOrder;

const UNTIMED: IndexError = IndexError::Unsupported("pictures of it have no times");

/// So many may follow each other: those of a packet.
const MOST_UNTIMED: usize = 64;
/// Of times.
const MASK: u64 = (1 << 33) - 1;
const SEQUENCE_HEADER: u8 = 0xb3;

/// A picture, and what it begins with.
#[derive(Debug)]
pub(super) struct Picture {
    /// Without its bytes.
    pub(super) placed: PlacedUnit,
    pub(super) start: UnitStart<'static>,
    /// None where it is not told.
    pub(super) order: Option<OutputOrder>,
}

/// How far pictures are apart, as far as is known.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PictureSteps {
    /// From picture to picture, ticks, where that is a whole number.
    ticks: Option<i64>,
}

/// Gives each picture its times.
#[derive(Debug)]
pub(super) struct PictureTimes {
    pub(super) steps: PictureSteps,
    /// Of the last one that is complete.
    last: Option<PlacedTimes>,
    /// Where reading would have to begin to find the last one that has its own times.
    last_timed: Option<u64>,
    /// They wait for the next one that has its own.
    waiting: Vec<Picture>,
    /// Others come before, which are not read.
    is_amid: bool,
    /// Some came first whose times are told by those.
    pub(super) has_skipped: bool,
}

/// The times of a picture, and its place in the order of output.
#[derive(Debug, Clone, Copy)]
struct PlacedTimes {
    pts: u64,
    dts: u64,
    order: Option<OutputOrder>,
}

impl PictureTimes {
    /// Of what comes first in the file, or somewhere else in it.
    pub(super) fn new(steps: PictureSteps, is_start: bool) -> Self {
        Self {
            steps,
            last: None,
            last_timed: None,
            waiting: Vec::new(),
            is_amid: !is_start,
            has_skipped: false,
        }
    }

    /// Takes the next picture, and gives those that are complete by it.
    pub(super) fn take(
        &mut self,
        picture: Picture,
        coding: VideoCoding,
    ) -> Result<Vec<Picture>, IndexError> {
        if coding == VideoCoding::Mpeg {
            self.steps.take_headers(&picture.start.head);
        }
        if picture.placed.clock_at.is_none() {
            self.waiting.push(picture);
            let is_few = self.waiting.len() <= MOST_UNTIMED && coding == VideoCoding::Mpeg;
            return is_few.then(Vec::new).ok_or(UNTIMED);
        }
        let next = PlacedTimes {
            pts: picture.placed.unit.pts,
            dts: picture.placed.unit.dts,
            order: picture.order,
        };
        let mut complete = self.release(Some(next))?;
        self.last = Some(next);
        self.last_timed = Some(picture.placed.restart);
        complete.push(picture);
        Ok(complete)
    }

    /// Those that the file ends with.
    pub(super) fn end(&mut self) -> Result<Vec<Picture>, IndexError> {
        self.release(None)
    }

    /// Where reading would have to begin to find the next picture that is not complete, with one before
    /// it that tells its times.
    pub(super) fn restart(&self) -> Option<u64> {
        let first = self.waiting.first()?;
        Some(self.last_timed.unwrap_or(first.placed.restart))
    }

    /// Gives those that wait the times between the last picture and the next one.
    fn release(&mut self, next: Option<PlacedTimes>) -> Result<Vec<Picture>, IndexError> {
        let mut pictures = std::mem::take(&mut self.waiting);
        let is_first = self.last.is_none();
        match self.place(&mut pictures, next) {
            Err(_) if self.is_amid && is_first => {
                self.has_skipped = true;
                self.last = None;
                Ok(Vec::new())
            }
            placed => placed.map(|()| pictures),
        }
    }

    fn place(
        &mut self,
        pictures: &mut [Picture],
        next: Option<PlacedTimes>,
    ) -> Result<(), IndexError> {
        if pictures.is_empty() {
            return Ok(());
        }
        let step = self.steps.ticks.ok_or(UNTIMED)?;
        let count = i64::try_from(pictures.len()).unwrap_or(i64::MAX);
        let before = self.last.map(|last| moved(last.dts, step));
        let behind = next.map(|next| moved(next.dts, -step * count));
        let mut dts = before.or(behind).ok_or(UNTIMED)?;
        let is_uneven = match (self.last, next) {
            (Some(last), Some(next)) => !self.steps.explain(last, next),
            _ => false,
        };
        if behind.is_some_and(|behind| behind != dts) || is_uneven {
            return Err(UNTIMED);
        }
        for picture in pictures {
            let order = picture.order.ok_or(UNTIMED)?;
            let beside = [self.last, next].into_iter().flatten();
            let mut beside = beside.filter_map(|times| Some((times.pts, times.order?)));
            let beside = beside.find(|(_, known)| known.period == order.period);
            let (pts, known) = beside.ok_or(UNTIMED)?;
            let ticks = self.steps.ticks_between(known, order).ok_or(UNTIMED)?;
            let times = PlacedTimes {
                pts: moved(pts, ticks),
                dts,
                order: Some(order),
            };
            let unit = &mut picture.placed.unit;
            (unit.pts, unit.dts) = (times.pts, times.dts);
            dts = moved(dts, step);
            self.last = Some(times);
        }
        Ok(())
    }
}

impl PictureSteps {
    /// What a sequence header says of MPEG-1 and MPEG-2.
    fn take_headers(&mut self, head: &[u8]) {
        if let Some(code) = frame_rate_code(head) {
            self.ticks = frame_ticks(code);
        }
    }

    /// Whether these two are as far apart as their counts are, where that can be told.
    fn explain(&self, last: PlacedTimes, next: PlacedTimes) -> bool {
        let Some((one, other)) = last.order.zip(next.order) else {
            return true;
        };
        let ticks = difference(next.pts, last.pts);
        one.period != other.period || self.ticks_between(one, other) == Some(ticks)
    }

    fn ticks_between(&self, one: OutputOrder, other: OutputOrder) -> Option<i64> {
        let pictures = other.count.checked_sub(one.count)?;
        pictures.checked_mul(self.ticks?)
    }
}

fn moved(time: u64, ticks: i64) -> u64 {
    time.wrapping_add_signed(ticks) & MASK
}

/// From `other` to `time`, the shorter way round.
fn difference(time: u64, other: u64) -> i64 {
    let ahead = i64::try_from(time.wrapping_sub(other) & MASK).unwrap_or(0);
    match ahead > 1 << 32 {
        true => ahead - (1 << 33),
        false => ahead,
    }
}

/// Of a sequence header: ISO/IEC 13818-2, 6.2.2.1.
fn frame_rate_code(head: &[u8]) -> Option<u8> {
    let is_header = |code: &[u8]| code == [0, 0, 1, SEQUENCE_HEADER];
    let at = head.windows(4).position(is_header)?;
    head.get(at + 7).map(|rates| rates & 0x0f)
}

/// From picture to picture, where that is a whole number: ISO/IEC 13818-2, table 6-4.
fn frame_ticks(code: u8) -> Option<i64> {
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
    use crate::ts::AccessUnit;

    /// A picture with this number, with times or without; one with B-frames of 25 a second.
    fn picture((period, number): (u32, i64), times: Option<(u64, u64)>) -> Picture {
        let (pts, dts) = times.unwrap_or_default();
        let head: &[u8] = &[0, 0, 1, SEQUENCE_HEADER, 0, 0, 0, 3];
        Picture {
            placed: PlacedUnit {
                unit: AccessUnit {
                    from: 0,
                    until: 0,
                    pts,
                    dts,
                    bytes: Vec::new(),
                },
                clock_at: times.map(|_| 0),
                restart: number.unsigned_abs(),
            },
            start: UnitStart {
                is_sync: false,
                is_skipped_at_start: false,
                head: head.into(),
            },
            order: Some(OutputOrder {
                period,
                count: number,
            }),
        }
    }

    /// In decoding order, the keyframe of a group that begins with two pictures of the one before first.
    fn group(begin: u64, untimed: &[usize]) -> Vec<Picture> {
        let numbers = [2_u64, 0, 1, 5, 3, 4, 8];
        let pictures = numbers.into_iter().enumerate().map(|(nth, number)| {
            let dts = begin + nth as u64 * 3600;
            let pts = begin + 3600 + number * 3600;
            let times = Some((pts, dts)).filter(|_| !untimed.contains(&nth));
            let period = u32::try_from(begin).unwrap();
            picture((period, i64::try_from(number).unwrap()), times)
        });
        pictures.collect()
    }

    fn times_of(
        pictures: Vec<Picture>,
        coding: VideoCoding,
        is_start: bool,
    ) -> Result<Vec<(u64, u64)>, IndexError> {
        let mut times = PictureTimes::new(PictureSteps::default(), is_start);
        let mut complete = Vec::new();
        for picture in pictures {
            complete.extend(times.take(picture, coding)?);
        }
        complete.extend(times.end()?);
        let complete = complete.iter().map(|picture| &picture.placed.unit);
        Ok(complete.map(|unit| (unit.pts, unit.dts)).collect())
    }

    fn times(pictures: Vec<Picture>) -> Result<Vec<(u64, u64)>, IndexError> {
        times_of(pictures, VideoCoding::Mpeg, true)
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
        let mut many = group(9000, &[]);
        many.extend((0..65).map(|nth| picture((0, nth), None)));
        assert!(times(many).is_err(), "too many");
        let mut jump = group(9000, &[6]);
        jump.extend(group(9000 + 9 * 3600, &[]));
        assert!(
            times(jump).is_err(),
            "the times beside it are too far apart"
        );
    }

    /// Without it, none that comes next might tell their times.
    #[test]
    fn what_waits_is_read_again_with_the_last_that_has_times() {
        let mut times = PictureTimes::new(PictureSteps::default(), true);
        for picture in group(9000, &[5, 6]) {
            times.take(picture, VideoCoding::Mpeg).unwrap();
        }
        assert_eq!(times.restart(), Some(3));
    }

    /// ffmpeg is a frame off for some of them, and so would whoever shows them by it be.
    #[test]
    fn pictures_of_h264_without_times_are_left_to_ffmpeg() {
        assert!(times_of(group(9000, &[]), VideoCoding::H264, true).is_ok());
        assert!(times_of(group(9000, &[3]), VideoCoding::H264, true).is_err());
    }

    #[test]
    fn amid_a_file_those_that_others_before_them_would_tell_are_left_out() {
        let mut pictures = group(9000, &[0, 1, 2, 3, 4, 5, 6]);
        pictures.extend(group(9000 + 7 * 3600, &[]));
        let found = times_of(pictures, VideoCoding::Mpeg, false).unwrap();
        assert_eq!(found, times(group(9000 + 7 * 3600, &[])).unwrap());
    }
}
