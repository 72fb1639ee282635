//! Edit lists: which parts of a track are shown, and when (ISO/IEC 14496-12, 8.6.6).
//!
//! An edit shows what is on the screen from its start to its end. So the frame that begins before
//! the start and lasts into it is shown from the start on, which is where ffmpeg and browsers
//! differ: they begin with the next one.

/// One edit at normal speed; all in ticks of the track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edit {
    /// When it begins on the clock of the presentation.
    pub at: i64,
    /// Where it begins on the clock of the media; none where nothing is shown.
    pub start: Option<i64>,
    /// How long it lasts; none where it goes on to the end of the media.
    pub duration: Option<i64>,
}

/// The edits of a track in order of presentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditList {
    /// All of them.
    pub edits: Vec<Edit>,
    /// Ticks per second of the track.
    pub timescale: u32,
    /// Ticks per second of the movie, in which durations are written.
    pub movie_timescale: u32,
}

/// What is seen of a track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presentation {
    /// Which frame is shown, and from when on, ticks of the presentation. A frame may be shown in
    /// several edits.
    pub frames: Vec<(usize, i64)>,
    /// When the last one ends, ticks of the presentation.
    pub end: i64,
}

impl EditList {
    /// Its edits that show something, each with its start.
    fn shown(&self) -> impl DoubleEndedIterator<Item = (i64, &Edit)> {
        let edits = self.edits.iter();
        edits.filter_map(|edit| Some((edit.start?, edit)))
    }

    /// Whether it is more than one start after nothing at all.
    #[must_use]
    pub fn is_complex(&self) -> bool {
        self.shown().count() > 1 || self.edits.last().is_some_and(|edit| edit.start.is_none())
    }

    /// Where the first edit that shows something begins on the clock of the media.
    #[must_use]
    pub fn first_start(&self) -> Option<i64> {
        self.shown().next().map(|(start, _)| start)
    }

    /// The frame that begins before `start` and is shown from then on, until before `end` at most.
    /// `times` are when frames begin on the clock of the media, never falling; of those of one time
    /// the last is shown.
    #[must_use]
    pub fn cut_by_start(&self, start: i64, end: i64, times: &[i64]) -> Option<usize> {
        let next = times.partition_point(|&time| time < start);
        let cut = next.checked_sub(1)?;
        let until = times.get(next).copied().filter(|&time| time < end);
        let left = until.unwrap_or(end).saturating_sub(start);
        let is_all = until.is_none() && left > 0;
        (is_all || !self.is_rounding(left, start.saturating_sub(times[cut]))).then_some(cut)
    }

    /// Whether it is an accident that a frame is shown for `shown` ticks of an edit and not for
    /// `hidden`: programs that write edit lists may calculate in ticks of the movie, and a frame of
    /// the rest of a division is not meant. That is less than such a tick, and little beside the
    /// frame: some movies have ticks as long as frames.
    fn is_rounding(&self, shown: i64, hidden: i64) -> bool {
        let (shown, hidden) = (i128::from(shown), i128::from(hidden));
        let is_less = shown * i128::from(self.movie_timescale) < i128::from(self.timescale);
        shown <= 0 || (is_less && shown * 3 < hidden)
    }

    /// When a frame ends that would end at `own_end` and is the last of an edit that ends at
    /// `edit_end`: with the edit, but for what may be a rounding of its duration.
    #[must_use]
    pub fn end_of_last(&self, own_end: i64, edit_end: i64) -> i64 {
        let cut = i128::from(own_end) - i128::from(edit_end);
        let is_less = cut * i128::from(self.movie_timescale) < i128::from(self.timescale);
        if is_less { own_end } else { edit_end }
    }

    /// What is seen of frames that begin at `times` on the clock of the media, which never fall, and
    /// of which the last ends at `end`. Bounded by `most` frames: edits may show one again and
    /// again. None where there would be more, or where nothing is seen.
    #[must_use]
    pub fn presentation(&self, times: &[i64], end: i64, most: usize) -> Option<Presentation> {
        let mut seen = Presentation {
            frames: Vec::new(),
            end: i64::MIN,
        };
        let last = self.shown().count().checked_sub(1)?;
        for (nth, (start, edit)) in self.shown().enumerate() {
            let edit_end = edit.duration.and_then(|ticks| start.checked_add(ticks));
            let until = edit_end.unwrap_or(i64::MAX).min(end);
            let (first, after) = self.within(start, until, times, nth < last);
            if first >= after {
                continue;
            }
            if seen.frames.len().saturating_add(after - first) > most {
                return None;
            }
            let shown_at = |time: i64| edit.at.saturating_add(time.saturating_sub(start).max(0));
            let shown = (first..after).map(|frame| (frame, shown_at(times[frame])));
            seen.frames.extend(shown);
            let own_end = times.get(after).copied().unwrap_or(end);
            let ends = self.end_of_last(own_end, edit_end.unwrap_or(own_end));
            seen.end = seen.end.max(shown_at(ends));
        }
        (!seen.frames.is_empty()).then_some(seen)
    }

    /// The frames that are shown of an edit, which others may follow.
    fn within(&self, start: i64, until: i64, times: &[i64], is_followed: bool) -> (usize, usize) {
        let mut after = times.partition_point(|&time| time < until);
        let begins = times.partition_point(|&time| time < start);
        let cut = self.cut_by_start(start, until, times);
        let first = cut.unwrap_or(begins);
        if is_followed && after > first + 1 {
            let own_end = times.get(after).copied().unwrap_or(until);
            let shown = until.saturating_sub(times[after - 1]);
            let hidden = own_end.saturating_sub(until);
            after -= usize::from(self.is_rounding(shown, hidden));
        }
        (first, after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames of 40 ms that begin at 80 ms, as an encoder with B-frames makes them.
    const TIMES: [i64; 10] = [80, 120, 160, 200, 240, 280, 320, 360, 400, 440];

    fn seen(edits: &[(Option<i64>, i64)]) -> Option<(Vec<(usize, i64)>, i64)> {
        seen_of_movie(1000, 1000, edits)
    }

    fn seen_of_movie(
        timescale: u32,
        movie_timescale: u32,
        edits: &[(Option<i64>, i64)],
    ) -> Option<(Vec<(usize, i64)>, i64)> {
        let mut at = 0;
        let edits = edits.iter().map(|&(start, ticks)| {
            let duration = Some(ticks).filter(|&ticks| ticks > 0);
            let edit = Edit {
                at,
                start,
                duration,
            };
            at += ticks;
            edit
        });
        let list = EditList {
            edits: edits.collect(),
            timescale,
            movie_timescale,
        };
        let seen = list.presentation(&TIMES, 480, 100)?;
        Some((seen.frames, seen.end))
    }

    #[test]
    fn an_edit_that_begins_with_the_first_frame_shows_all_of_them() {
        let (frames, end) = seen(&[(Some(80), 400)]).unwrap();
        assert_eq!((frames.len(), frames[0], frames[9]), (10, (0, 0), (9, 360)));
        assert_eq!(end, 400);
        assert_eq!(seen(&[(Some(80), 0)]).unwrap().1, 400, "to the end");
    }

    #[test]
    fn a_frame_that_an_edit_cuts_begins_and_ends_with_it() {
        let (frames, end) = seen(&[(Some(130), 100)]).unwrap();
        assert_eq!(frames, [(1, 0), (2, 30), (3, 70)]);
        assert_eq!(end, 100, "30 ms of the last one");
    }

    #[test]
    fn every_edit_cuts_its_own_frames() {
        let edits = [(None, 500), (Some(130), 50), (None, 7), (Some(370), 60)];
        let (frames, end) = seen(&edits).unwrap();
        assert_eq!(frames, [(1, 500), (2, 530), (7, 557), (8, 587)]);
        assert_eq!(end, 617);
        let (again, _) = seen(&[(Some(370), 40), (Some(130), 20)]).unwrap();
        assert_eq!(again, [(7, 0), (8, 30), (1, 40)]);
    }

    #[test]
    fn an_edit_may_lie_within_one_frame() {
        assert_eq!(
            seen(&[(Some(250), 20), (Some(130), 10)]),
            Some((vec![(4, 0), (1, 20)], 30))
        );
    }

    #[test]
    fn less_than_a_tick_of_the_movie_is_no_frame() {
        // Ticks of a tenth of a frame.
        let movie = |edits: &[_]| seen_of_movie(1000, 250, edits).unwrap();
        assert_eq!(movie(&[(Some(117), 100)]).0[0], (1, 3), "3 of 4 ms");
        assert_eq!(movie(&[(Some(116), 100)]).0[0], (0, 0), "a tick");
        let two = movie(&[(Some(80), 122), (Some(240), 40)]);
        assert_eq!(two.0, [(0, 0), (1, 40), (2, 80), (4, 122)], "2 ms of 3");
        // Ticks as long as frames: half a frame is no rounding.
        let coarse = seen_of_movie(1000, 25, &[(Some(100), 200)]).unwrap();
        assert_eq!(coarse.0[0], (0, 0));
    }

    #[test]
    fn a_duration_that_was_rounded_down_cuts_nothing() {
        assert_eq!(seen_of_movie(1000, 250, &[(Some(80), 397)]).unwrap().1, 400);
    }

    #[test]
    fn what_shows_nothing_is_no_presentation() {
        for edits in [&[][..], &[(None, 5)], &[(Some(480), 5)], &[(Some(0), 80)]] {
            assert_eq!(seen(edits), None, "{edits:?}");
        }
    }

    #[test]
    fn no_list_of_edits_shows_more_than_is_allowed() {
        let edits = [(Some(80), 400); 11];
        assert!(seen(&edits[..10]).is_some());
        assert_eq!(seen(&edits), None);
    }

    #[test]
    fn absurd_numbers_do_no_harm() {
        for start in [i64::MIN, -1, 0, i64::MAX] {
            let _ = seen(&[(Some(start), i64::MAX)]);
            let list = EditList {
                edits: vec![Edit {
                    at: i64::MAX,
                    start: Some(start),
                    duration: Some(i64::MAX),
                }],
                timescale: u32::MAX,
                movie_timescale: 1,
            };
            let _ = list.presentation(&[i64::MIN, 0, i64::MAX], i64::MAX, 9);
        }
    }
}
