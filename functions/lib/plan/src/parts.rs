//! A large job divided: runs of shots that can be taken apart from each other.

use crate::{Budget, CodedSample, Limits, SampleGroup, Size};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
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

/// What each target of these groups of a video of this size takes, in their order.
#[must_use]
pub fn shots_of(groups: &[SampleGroup], size: Size) -> Vec<ShotWork> {
    let shots = groups.iter().flat_map(|group| {
        let mut decoded = group.first;
        group.targets.iter().enumerate().map(move |(nth, &target)| {
            let frames = (target + 1).saturating_sub(decoded) as u64;
            decoded = decoded.max(target + 1);
            let (work, begins) = (Work::of_shot(frames, size), nth == 0);
            ShotWork { work, begins }
        })
    });
    shots.collect()
}

/// What is known of a long video before its frames are listed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VideoOutline {
    /// From one sync sample to the next, on average of those at the beginning.
    group_frames: u64,
    frames_per_second: f64,
    size: Size,
}

impl VideoOutline {
    /// Of a track of frames of this size, of which these `samples` are known, and those behind `gaps` lie
    /// elsewhere.
    #[must_use]
    pub fn new(
        samples: &[CodedSample],
        gaps: &[usize],
        frames_per_second: f64,
        size: Size,
    ) -> Self {
        let known = gaps.first().copied().unwrap_or(samples.len());
        let first = samples.get(..known).unwrap_or_default();
        let groups = first.iter().filter(|sample| sample.sync).count();
        Self {
            group_frames: (first.len() / groups.max(1)) as u64,
            frames_per_second,
            size,
        }
    }

    /// About what pictures at these times take, ms after the first frame, rising, or those of the `keyframes`
    /// next to them: as if all groups were like the first, and each time lay in the middle of one. None
    /// where so much would be decoded that it has to be told exactly.
    #[must_use]
    pub fn work(
        &self,
        times_ms: &[u64],
        keyframes: bool,
        limits: &Limits,
    ) -> Option<Vec<ShotWork>> {
        let most = match keyframes {
            true => 1,
            false => self.group_frames / 2 + 1,
        };
        let (mut last, mut decoded) = (None, 0_u64);
        let shots = times_ms.iter().map(|&at_ms| {
            let since = last.replace(at_ms);
            let since = since.map(|last: u64| self.frames_in(at_ms.saturating_sub(last)));
            let frames = since.unwrap_or(most).clamp(1, most);
            decoded = decoded.saturating_add(frames);
            ShotWork {
                work: Work::of_shot(frames, self.size),
                begins: true,
            }
        });
        let shots = shots.collect();
        let pixels = decoded.saturating_mul(self.size.pixels());
        let is_within = limits.check(Budget::DecodedPixels, pixels).is_ok();
        is_within.then_some(shots)
    }

    fn frames_in(&self, ms: u64) -> u64 {
        (ms as f64 * self.frames_per_second / 1000.0).ceil() as u64
    }
}

/// Divides `shots`, of which each has its number, into parts of at most about `most`, of like size; one
/// part where all of them are no more than that. Parts begin where decoding begins anew; where shots
/// make files of `sheet` of them, parts begin where such a file does, and amid one only if that
/// alone is more than `most`.
#[must_use]
pub fn divide(shots: &[(usize, ShotWork)], most: Work, sheet: Option<usize>) -> Vec<Range<usize>> {
    let count = work_of(shots).div_ceil(most.0.max(1)).max(1);
    let each = work_of(shots) / count;
    let sheets = sheet.map(|capacity| Sheets::of(shots, capacity.max(1), most));
    let may_begin = |(number, shot): &(usize, ShotWork)| match &sheets {
        Some(sheets) => sheets.begins(*number) || shot.begins && sheets.is_large(*number),
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

fn work_of(shots: &[(usize, ShotWork)]) -> u64 {
    let all = shots.iter().map(|(_, shot)| shot.work.0);
    all.fold(0, u64::saturating_add)
}

/// Files that several shots make together.
struct Sheets {
    /// Shots of one.
    capacity: usize,
    /// Those that are more work than a part.
    large: BTreeSet<usize>,
}

impl Sheets {
    fn of(shots: &[(usize, ShotWork)], capacity: usize, most: Work) -> Self {
        let of_one = shots.chunk_by(|(one, _), (next, _)| one / capacity == next / capacity);
        let large = of_one.filter(|shots| work_of(shots) > most.0);
        Self {
            capacity,
            large: large.map(|shots| shots[0].0 / capacity).collect(),
        }
    }

    fn begins(&self, shot: usize) -> bool {
        shot.is_multiple_of(self.capacity)
    }

    fn is_large(&self, shot: usize) -> bool {
        self.large.contains(&(shot / self.capacity))
    }
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
    fn a_sheet_is_of_one_part_unless_it_is_larger() {
        let four = [0..10, 10..20, 20..30, 30..40];
        assert_eq!(of(&shots(0..40, 8), 10, Some(10)), four);
        assert_eq!(of(&shots(0..40, 1), 10, Some(10)), four);
        // One of 100 s is divided where decoding begins anew.
        assert_eq!(of(&shots(0..40, 1), 10, Some(100)), four);
        assert_eq!(
            of(&shots(0..40, 16), 10, Some(100)),
            [0..16, 16..32, 32..40]
        );
        // The last one is not larger than a part.
        assert_eq!(of(&shots(0..45, 1), 15, Some(40)), [0..15, 15..30, 30..45]);
        assert_eq!(of(&shots(0..45, 1), 15, Some(20)), [0..15, 15..30, 30..45]);
        assert_eq!(of(&shots(0..45, 1), 20, Some(20)), [0..20, 20..40, 40..45]);
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
    fn what_is_not_listed_yet_takes_what_its_first_groups_take() {
        let size = Size {
            width: 64,
            height: 36,
        };
        let sample = |nth: usize| CodedSample {
            offset: 0,
            size: 1,
            pts: 0,
            sync: nth.is_multiple_of(50),
            shown: true,
            encrypted: false,
        };
        // The last group lies at the end of the file.
        let samples: Vec<_> = (0..120).map(sample).collect();
        let outline = VideoOutline::new(&samples, &[100], 25.0, size);
        let frames = |times_ms: &[u64], keyframes| {
            let work = outline.work(times_ms, keyframes, &Limits::default());
            let of = |shot: ShotWork| shot.work.0 / size.pixels() - FRAMES_PER_PICTURE;
            work.unwrap().into_iter().map(of).collect::<Vec<_>>()
        };
        // Every frame where times are near, half of a group where they are not.
        let times = [0, 1000, 1400, 1400, 61_400];
        assert_eq!(frames(&times, false), [26, 25, 10, 1, 26]);
        assert_eq!(frames(&times, true), [1; 5]);
        let few = Limits {
            decoded_pixels: 50 * size.pixels(),
            ..Limits::default()
        };
        assert!(outline.work(&times, false, &few).is_none());
        assert!(outline.work(&times, true, &few).is_some());
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
