//! Edits applied to frames that are listed as if there were none.

use crate::{ClockRepair, EditList, TimeBase, Timeline, TimelineFrame, end_with_sound};
use std::borrow::Cow;
use std::ops::Range;

/// What is to be seen, frame by frame.
#[derive(Debug, Clone)]
pub struct EditedTimeline {
    timeline: Timeline,
    /// The listed frame of each of its frames.
    frames: Vec<usize>,
}

impl EditedTimeline {
    /// Applies `edits` to what is `listed`, on a clock that is `early` ticks before that of the
    /// media. `sounds` are where sounds end on the clock of the presentation. None where nothing is
    /// seen, or more than `most` frames.
    pub fn new(
        edits: &EditList,
        (listed, early): (&Timeline, i64),
        sounds: impl Iterator<Item = (i64, TimeBase)>,
        most: usize,
    ) -> Option<Self> {
        let on_media = |time: i64| time.saturating_sub(early);
        let times: Vec<i64> = listed.frames().iter().map(|f| on_media(f.pts)).collect();
        let seen = edits.presentation(&times, on_media(listed.end_pts()), most)?;
        let shown = seen.frames.iter().map(|&(frame, pts)| TimelineFrame {
            pts,
            sync: listed.frames()[frame].sync,
        });
        let end = end_with_sound(seen.end, listed.time_base(), sounds);
        let timeline = Timeline::new(listed.time_base(), shown.collect(), end)?;
        let shown_at = |pts: i64| {
            let is_it = |seen: &&(usize, i64)| listed.frames()[seen.0].pts == pts;
            Some(seen.frames.iter().find(is_it)?.1)
        };
        let repairs = listed.repairs().iter().filter_map(|repair| {
            let first_pts = shown_at(repair.first_pts)?;
            Some(ClockRepair {
                first_pts,
                ..*repair
            })
        });
        Some(Self {
            timeline: timeline.with_repairs(repairs.collect()),
            frames: seen.frames.iter().map(|&(frame, _)| frame).collect(),
        })
    }

    /// The timeline of what is seen.
    #[must_use]
    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    /// The listed frame of each of its frames.
    #[must_use]
    pub fn frames(&self) -> &[usize] {
        &self.frames
    }

    /// The listed frames of frames to be seen: the same where nothing is `edited`.
    #[must_use]
    pub fn listed<'a>(edited: Option<&Self>, wanted: &'a [usize]) -> Cow<'a, [usize]> {
        match edited {
            None => Cow::Borrowed(wanted),
            Some(Self { frames, .. }) => {
                let listed = wanted.iter().filter_map(|&frame| frames.get(frame));
                Cow::Owned(listed.copied().collect())
            }
        }
    }
}

/// Parts of `frames` that rise: each edit may go back.
pub fn rising(frames: &[usize]) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    frames.chunk_by(|one, next| one < next).map(move |part| {
        let range = from..from + part.len();
        from = range.end;
        range
    })
}

/// Gives listed frames the numbers by which they are wanted.
#[derive(Debug)]
pub struct Renumbered<'a> {
    wanted: &'a [usize],
    /// The listed frame of each.
    listed: &'a [usize],
    next: usize,
    missing: Vec<usize>,
}

impl<'a> Renumbered<'a> {
    /// `listed` are the listed frames of those that are `wanted`.
    #[must_use]
    pub fn new(wanted: &'a [usize], listed: &'a [usize]) -> Self {
        Self {
            wanted,
            listed,
            next: 0,
            missing: Vec::new(),
        }
    }

    /// The number of a listed frame. They come in the order in which they are wanted; what is
    /// passed over is missing.
    pub fn number(&mut self, frame: usize) -> Option<usize> {
        let left = self.listed.get(self.next..)?;
        let passed = left.iter().position(|&listed| listed == frame)?;
        let place = self.next + passed;
        self.missing.extend(self.wanted.get(self.next..place)?);
        self.next = place + 1;
        self.wanted.get(place).copied()
    }

    /// What did not come.
    #[must_use]
    pub fn missing(mut self) -> Vec<usize> {
        let left = self.wanted.get(self.next..).unwrap_or_default();
        self.missing.extend(left);
        self.missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Edit;

    #[test]
    fn frames_are_seen_when_edits_show_them_and_taken_where_they_are_listed() {
        let frames = (0..10).map(|nth| TimelineFrame {
            pts: 7 + nth * 40,
            sync: nth % 4 == 0,
        });
        let listed = Timeline::new(TimeBase { num: 1, den: 1000 }, frames.collect(), 407).unwrap();
        let edit = |at, start, duration| Edit {
            at,
            start: Some(start),
            duration: Some(duration),
        };
        let edits = EditList {
            edits: vec![edit(0, 170, 60), edit(60, 90, 40)],
            timescale: 1000,
            movie_timescale: 1000,
        };
        let sounds = || [(150, listed.time_base())].into_iter();
        let edited = EditedTimeline::new(&edits, (&listed, 7), sounds(), 9).unwrap();
        let seen: Vec<_> = edited.timeline().frames().iter().map(|f| f.pts).collect();
        assert_eq!(seen, [0, 30, 60, 90]);
        assert!(edited.timeline().frames()[0].sync, "frame 4");
        assert_eq!(edited.timeline().duration_ms(), 150);
        let wanted = [0, 1, 2, 3];
        let frames = EditedTimeline::listed(Some(&edited), &wanted);
        assert_eq!(*frames, [4, 5, 2, 3]);
        assert_eq!(rising(&frames).collect::<Vec<_>>(), [0..2, 2..4]);
        assert!(EditedTimeline::new(&edits, (&listed, 7), sounds(), 3).is_none());
    }

    #[test]
    fn each_frame_gets_its_number_and_what_is_passed_over_is_missing() {
        let mut renumbered = Renumbered::new(&[10, 11, 12, 13], &[5, 3, 5, 6]);
        assert_eq!(renumbered.number(3), Some(11));
        assert_eq!(renumbered.number(5), Some(12));
        assert_eq!(renumbered.missing(), [10, 13]);
    }
}
