//! A large job divided: runs of shots that can be taken apart from each other.

use crate::Size;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::time::Duration;

/// The pixels that one processor decodes in a second: 250 frames of 1080p by measurement, from frame
/// to frame of H.264 and HEVC.
const PIXELS_PER_SECOND: u64 = 250 * 1920 * 1080;

/// What a picture costs once its frame is decoded, in frames of its own size.
const FRAMES_PER_PICTURE: u64 = 3;

/// Work, in the time that one processor takes for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Work(u64);

impl Work {
    /// So much time of one processor.
    #[must_use]
    pub fn of_time(time: Duration) -> Self {
        let seconds = u128::from(PIXELS_PER_SECOND) * time.as_millis() / 1000;
        Self(u64::try_from(seconds).unwrap_or(u64::MAX))
    }

    /// Decoding so many frames of this size, and making a picture of the last.
    #[must_use]
    pub fn of_shot(frames: u64, size: Size) -> Self {
        let frames = frames.saturating_add(FRAMES_PER_PICTURE);
        Self(frames.saturating_mul(size.pixels()))
    }
}

/// One shot, in the order in which files are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShotWork {
    /// What it takes beside what the shots before it take.
    pub work: Work,
    /// Whether nothing that was decoded for the shots before it is needed for it.
    pub begins: bool,
}

/// Divides `shots`, of which each has its number, into parts of at most about `most`, of like size; one
/// part where all of them are no more than that. Parts begin where decoding begins anew, and
/// where a file of `sheet` shots begins, if shots make such files.
#[must_use]
pub fn divide(shots: &[(usize, ShotWork)], most: Work, sheet: Option<usize>) -> Vec<Range<usize>> {
    let all = shots.iter().map(|(_, shot)| shot.work.0);
    let all = all.fold(0, u64::saturating_add);
    let count = all.div_ceil(most.0.max(1)).max(1);
    let each = all / count;
    let may_begin = |(number, shot): &(usize, ShotWork)| match sheet {
        Some(sheet) => number % sheet.max(1) == 0,
        None => shot.begins,
    };
    let (mut parts, mut held) = (Vec::<Range<usize>>::new(), 0_u64);
    for shot in shots {
        let number = shot.0;
        match parts.last_mut() {
            Some(part) if held < each || !may_begin(shot) => part.end = number + 1,
            _ => {
                parts.push(number..number + 1);
                held = 0;
            }
        }
        held = held.saturating_add(shot.1.work.0);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each takes a second; groups of `group`.
    fn shots(numbers: Range<usize>, group: usize) -> Vec<(usize, ShotWork)> {
        let work = Work::of_time(Duration::from_secs(1));
        let shot = |number| ShotWork {
            work,
            begins: number % group == 0,
        };
        numbers.map(|number| (number, shot(number))).collect()
    }

    fn of(shots: &[(usize, ShotWork)], seconds: u64, sheet: Option<usize>) -> Vec<Range<usize>> {
        divide(shots, Work::of_time(Duration::from_secs(seconds)), sheet)
    }

    #[test]
    fn parts_are_of_like_size_and_begin_with_groups() {
        assert_eq!(of(&shots(0..40, 1), 15, None), [0..14, 14..28, 28..40]);
        assert_eq!(of(&shots(0..40, 8), 15, None), [0..16, 16..32, 32..40]);
        // What is done is not divided again, and keeps its numbers.
        assert_eq!(of(&shots(7..40, 1), 20, None), [7..24, 24..40]);
    }

    #[test]
    fn little_work_is_one_part() {
        let one =
            [(0..15, 15), (3..9, 15), (0..1, 0)].map(|(n, s)| of(&shots(n, 1), s, None).len());
        assert_eq!(one, [1, 1, 1]);
        assert_eq!(of(&[], 15, None), []);
    }

    #[test]
    fn a_sheet_is_of_one_part() {
        assert_eq!(
            of(&shots(0..40, 8), 10, Some(10)),
            [0..10, 10..20, 20..30, 30..40]
        );
        assert_eq!(of(&shots(0..40, 1), 10, Some(100)).len(), 1);
        assert_eq!(of(&shots(0..45, 1), 1, Some(20)), [0..20, 20..40, 40..45]);
    }

    /// No part is larger than `most` and one step more, however uneven shots are.
    #[test]
    fn one_heavy_shot_makes_no_part_of_all_the_others() {
        let mut uneven = shots(0..100, 1);
        uneven[50].1.work = Work::of_time(Duration::from_secs(60));
        let parts = of(&uneven, 10, None);
        assert!(parts.len() > 5, "{parts:?}");
        assert!(parts.iter().all(|part| part.len() <= 11), "{parts:?}");
        let joined: Vec<usize> = parts.into_iter().flatten().collect();
        assert_eq!(joined, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn work_is_the_time_of_one_processor() {
        let size = Size {
            width: 1920,
            height: 1080,
        };
        assert_eq!(
            Work::of_shot(247, size),
            Work::of_time(Duration::from_secs(1))
        );
        assert!(Work::of_shot(u64::MAX, size) >= Work::of_time(Duration::MAX));
    }
}
