//! When each frame of a video is shown, and which one is shown at a given time.

use crate::clock::ClockRepair;
use serde::{Deserialize, Serialize};

/// Seconds per tick as a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeBase {
    /// Numerator, not 0.
    pub num: u32,
    /// Denominator, not 0.
    pub den: u32,
}

impl TimeBase {
    /// Counts microseconds.
    pub const MICROSECONDS: Self = Self {
        num: 1,
        den: 1_000_000,
    };

    /// A time base, or none where a part is 0.
    #[must_use]
    pub fn new(num: u32, den: u32) -> Option<Self> {
        (num != 0 && den != 0).then_some(Self { num, den })
    }

    /// Ticks of this clock on the clock `to`, rounded up; none where they are out of range.
    #[must_use]
    pub fn rescaled_up(self, ticks: i64, to: Self) -> Option<i64> {
        let over = i128::from(self.den) * i128::from(to.num);
        let ticks = i128::from(ticks) * i128::from(self.num) * i128::from(to.den);
        i64::try_from(-(-ticks).div_euclid(over)).ok()
    }

    /// Ticks to microseconds, rounded down.
    fn micros(self, ticks: i64) -> i128 {
        (i128::from(ticks) * i128::from(self.num) * 1_000_000).div_euclid(i128::from(self.den))
    }
}

/// Sound that outlasts the pictures by more is taken for a lie of its timestamps.
const MOST_SOUND_AFTER_S: i128 = 24 * 3600;

/// When a presentation ends whose pictures end at `end`, ticks of `time_base`: a player shows the
/// last frame until the sound ends. `sounds` are the ends of sounds, each on a clock of its own.
pub fn end_with_sound(
    end: i64,
    time_base: TimeBase,
    sounds: impl Iterator<Item = (i64, TimeBase)>,
) -> i64 {
    let ends = sounds.filter_map(|(end, from)| from.rescaled_up(end, time_base));
    let believable = |&sound: &i64| {
        let after = (i128::from(sound) - i128::from(end)) * i128::from(time_base.num);
        after <= MOST_SOUND_AFTER_S * i128::from(time_base.den)
    };
    ends.filter(believable).fold(end, i64::max)
}

/// One frame as shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimelineFrame {
    /// Presentation time, ticks of the timeline's time base.
    pub pts: i64,
    /// Decoding can start here.
    pub sync: bool,
}

/// The frames of one video in order of presentation. Never empty; presentation times never fall.
///
/// Several frames may have one time. The last of them is shown, and the others are there to be
/// counted: a frame's place among those of its time tells it from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    time_base: TimeBase,
    frames: Vec<TimelineFrame>,
    end_pts: i64,
    repairs: Vec<ClockRepair>,
}

impl Timeline {
    /// Sorts `frames` by presentation time; those of one time stay in the order given, which is
    /// that in which the decoder gives them.
    /// `end_pts` is when the presentation ends, on the same clock. None without frames.
    #[must_use]
    pub fn new(time_base: TimeBase, mut frames: Vec<TimelineFrame>, end_pts: i64) -> Option<Self> {
        frames.sort_by_key(|frame| frame.pts);
        let last = frames.last()?.pts;
        Some(Self {
            time_base,
            frames,
            end_pts: end_pts.max(last.saturating_add(1)),
            repairs: Vec::new(),
        })
    }

    /// The same, with what was done to the times that the file gives.
    #[must_use]
    pub fn with_repairs(self, repairs: Vec<ClockRepair>) -> Self {
        Self { repairs, ..self }
    }

    /// What was done to the times that the file gives; empty where they are believed.
    #[must_use]
    pub fn repairs(&self) -> &[ClockRepair] {
        &self.repairs
    }

    /// When `pts` is, microseconds after the first frame.
    #[must_use]
    pub fn since_first_us(&self, pts: i64) -> u64 {
        u64::try_from(self.time_base.micros(pts.saturating_sub(self.first()))).unwrap_or(0)
    }

    /// The clock the presentation times are on.
    #[must_use]
    pub fn time_base(&self) -> TimeBase {
        self.time_base
    }

    /// When the presentation ends, on the same clock.
    #[must_use]
    pub fn end_pts(&self) -> i64 {
        self.end_pts
    }

    /// All frames, in order of presentation.
    #[must_use]
    pub fn frames(&self) -> &[TimelineFrame] {
        &self.frames
    }

    /// From the first frame to the end of the presentation, ms, rounded up so that a point
    /// within the last frame is never past the end.
    #[must_use]
    pub fn duration_ms(&self) -> u64 {
        let us = self.time_base.micros(self.end_pts) - self.time_base.micros(self.first());
        u64::try_from((us + 999) / 1000).unwrap_or(u64::MAX)
    }

    /// When frame `index` is shown, microseconds after the first frame.
    #[must_use]
    pub fn presentation_us(&self, index: usize) -> u64 {
        let pts = self
            .frames
            .get(index)
            .map_or(self.end_pts, |frame| frame.pts);
        self.since_first_us(pts)
    }

    /// How many frames of the same time come before frame `index`, and how many there are in all.
    #[must_use]
    pub fn place_among_equals(&self, index: usize) -> (usize, usize) {
        let Some(frame) = self.frames.get(index) else {
            return (0, 0);
        };
        let first = self.frames.partition_point(|other| other.pts < frame.pts);
        let end = self.frames.partition_point(|other| other.pts <= frame.pts);
        (index - first, end - first)
    }

    /// The frame a player shows at `at_ms`: the last whose presentation time, counted from
    /// the first frame, is not later; of those with one time the last. Past the last frame it is the last.
    #[must_use]
    pub fn shown_at(&self, at_ms: u64) -> usize {
        let after = self
            .frames
            .partition_point(|frame| !self.is_after(frame, at_ms));
        after.saturating_sub(1)
    }

    /// The sync frame nearest to `at_ms`; of two equally near the earlier.
    #[must_use]
    pub fn sync_nearest(&self, at_ms: u64) -> Option<usize> {
        let (before, after) = self.frames.split_at(self.shown_at(at_ms) + 1);
        let earlier = before.iter().rposition(|frame| frame.sync);
        let later = after.iter().position(|frame| frame.sync);
        let later = later.map(|nth| self.last_sync_of_its_time(before.len() + nth));
        let at_us = i128::from(at_ms) * 1000;
        let distance = |&index: &usize| (i128::from(self.presentation_us(index)) - at_us).abs();
        earlier.into_iter().chain(later).min_by_key(distance)
    }

    /// A keyframe that is sent twice is shown as it comes the second time.
    fn last_sync_of_its_time(&self, index: usize) -> usize {
        let pts = self.frames[index].pts;
        let equal = self.frames[index..].iter().take_while(|f| f.pts == pts);
        let last = equal.enumerate().filter(|(_, frame)| frame.sync).last();
        index + last.map_or(0, |(nth, _)| nth)
    }

    /// Frames shown per second on average.
    #[must_use]
    pub fn frame_rate(&self) -> f64 {
        let (Some(first), Some(last)) = (self.frames.first(), self.frames.last()) else {
            return 0.0;
        };
        let steps = self.frames.windows(2);
        let steps = steps.filter(|pair| pair[0].pts < pair[1].pts).count();
        if steps == 0 {
            return 1000.0 / self.duration_ms().max(1) as f64;
        }
        let TimeBase { num, den } = self.time_base;
        let seconds = (last.pts.saturating_sub(first.pts)) as f64 * f64::from(num) / f64::from(den);
        steps as f64 / seconds.max(f64::MIN_POSITIVE)
    }

    fn first(&self) -> i64 {
        self.frames.first().map_or(0, |frame| frame.pts)
    }

    /// Compared in exact fractions: a frame at 1/3 s is not yet shown at 333 ms.
    fn is_after(&self, frame: &TimelineFrame, at_ms: u64) -> bool {
        let ticks = i128::from(frame.pts) - i128::from(self.first());
        ticks * i128::from(self.time_base.num) * 1000
            > i128::from(at_ms) * i128::from(self.time_base.den)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(pts: &[i64]) -> Timeline {
        let frames = pts
            .iter()
            .map(|&pts| TimelineFrame {
                pts,
                sync: pts % 10 == 0,
            })
            .collect();
        let tb = TimeBase::new(1, 30).unwrap();
        Timeline::new(tb, frames, pts.iter().max().unwrap() + 1).unwrap()
    }

    #[test]
    fn the_frame_shown_is_the_last_not_later() {
        let t = timeline(&[10, 11, 12, 20]);
        assert_eq!(t.shown_at(0), 0);
        assert_eq!(t.shown_at(33), 0, "1/30 s is 33.3 ms: not yet");
        assert_eq!(t.shown_at(34), 1);
        assert_eq!(t.shown_at(300), 2, "a hole shows the frame before it");
        assert_eq!(t.shown_at(334), 3);
        assert_eq!(t.shown_at(999_999), 3, "past the last frame it stays");
    }

    #[test]
    fn the_nearest_keyframe_may_be_later() {
        let t = timeline(&[10, 11, 12, 19, 20, 21]);
        assert_eq!(t.sync_nearest(0), Some(0));
        assert_eq!(t.sync_nearest(300), Some(4));
    }

    #[test]
    fn duration_counts_from_the_first_frame_to_the_end() {
        assert_eq!(timeline(&[10, 11, 12]).duration_ms(), 100);
        assert_eq!(timeline(&[5]).duration_ms(), 34);
    }

    #[test]
    fn unsorted_times_are_put_in_order_and_of_frames_with_one_time_the_last_is_shown() {
        let t = timeline(&[12, 10, 11, 11]);
        assert_eq!(
            t.frames().iter().map(|f| f.pts).collect::<Vec<_>>(),
            [10, 11, 11, 12]
        );
        assert_eq!((t.shown_at(34), t.shown_at(67)), (2, 3));
        assert_eq!(t.place_among_equals(1), (0, 2));
        assert_eq!(t.place_among_equals(2), (1, 2));
        assert_eq!(t.place_among_equals(3), (0, 1));
        assert!((t.frame_rate() - 30.0).abs() < 1e-9, "shown are three");
    }

    #[test]
    fn of_a_keyframe_that_is_sent_twice_the_second_counts() {
        let t = timeline(&[1, 2, 10, 10, 11, 20, 20, 21]);
        assert_eq!(t.sync_nearest(0), Some(3));
        assert_eq!(t.sync_nearest(310), Some(3));
        assert_eq!(t.sync_nearest(600), Some(6));
    }
}
