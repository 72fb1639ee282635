//! Which frame is shown when: the last one whose time, after the first frame's, is not later.

use super::frames::PlainDecode;

/// How many frames in a row may have a time far off before the clock itself has moved.
const LONGEST_OUTLIER: usize = 2;

/// So many may where the clock then goes on as if nothing were.
const LONGEST_RUN: usize = 64;

/// The frames of a plain decode on one clock that begins at 0 and never goes back.
#[derive(Debug, Clone)]
pub struct ShownTimeline {
    /// Ticks after the first, and which frame is shown from then on, by its number in output order.
    shown: Vec<(i64, usize)>,
    frames: usize,
    /// Frames whose time is a guess, for ffmpeg's contradicts its neighbours'.
    guessed: Vec<bool>,
    time_base: (i64, i64),
}

/// What is to be seen at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownFrame {
    /// Its number in output order.
    pub frame: usize,
    /// The first of the frames that may be shown, where a time before this had to be guessed.
    pub earliest: usize,
    /// The last of them.
    pub latest: usize,
}

impl ShownTimeline {
    /// Repairs what contradicts itself: frames far off are put between their neighbours, single ones
    /// and runs after which the clock goes on as if nothing were; one that stays elsewhere goes on
    /// where it was.
    #[must_use]
    pub fn of(decode: &PlainDecode) -> Self {
        let given: Vec<Option<i64>> = decode.frames.iter().map(|frame| frame.ticks).collect();
        let (ticks, guessed) = repaired(&given);
        let edited = decode.edits.as_ref().map(|edits| edits.shown(&ticks));
        let edited = edited.filter(|shown| !shown.is_empty());
        let all = || ticks.iter().copied().zip(0..).collect();
        let mut shown: Vec<(i64, usize)> = edited.unwrap_or_else(all);
        let first = shown.first().map_or(0, |shown| shown.0);
        shown.iter_mut().for_each(|shown| shown.0 -= first);
        Self {
            shown,
            frames: ticks.len(),
            guessed,
            time_base: decode.time_base,
        }
    }

    /// ms after the first frame, of the showing that is to be seen at `at_ms`.
    #[must_use]
    pub fn time_ms(&self, frame: usize, at_ms: u64) -> f64 {
        let of_frame = || self.shown.iter().filter(|shown| shown.1 == frame);
        let until = of_frame()
            .rev()
            .find(|shown| self.whole_ms(shown.0) <= at_ms);
        let ticks = until.or(of_frame().next()).map_or(0, |shown| shown.0);
        let (num, den) = self.time_base;
        ticks as f64 * num as f64 * 1000.0 / den as f64
    }

    /// The first whole ms at which it is shown; 0 where it never is.
    #[must_use]
    pub fn first_ms(&self, frame: usize) -> u64 {
        let first = self.shown.iter().find(|shown| shown.1 == frame);
        first.map_or(0, |shown| self.whole_ms(shown.0))
    }

    fn whole_ms(&self, ticks: i64) -> u64 {
        let (num, den) = (i128::from(self.time_base.0), i128::from(self.time_base.1));
        let scaled = i128::from(ticks) * num * 1000;
        ((scaled + den - 1) / den).max(0) as u64
    }

    /// What is shown so many ms after the first frame.
    #[must_use]
    pub fn shown_at(&self, at_ms: u64) -> ShownFrame {
        let shown = self.shown.iter().rev();
        let shown = shown.copied().find(|shown| self.whole_ms(shown.0) <= at_ms);
        let frame = shown.map_or(0, |shown| shown.1);
        // After a time that contradicts others ffmpeg may go by decoding times, a frame beside.
        let first_guess = self.guessed.iter().position(|&guessed| guessed);
        let slack = usize::from(first_guess.is_some_and(|first| first <= frame + 1));
        ShownFrame {
            frame,
            earliest: frame.saturating_sub(slack),
            latest: (frame + slack).min(self.frames - 1),
        }
    }

    /// Whether any time is a guess.
    #[must_use]
    pub fn is_guessed(&self) -> bool {
        self.guessed.contains(&true)
    }
}

/// Puts longer runs that are far off between their neighbours, where these are as far apart as a steady clock
/// has them; and which were.
fn without_runs(given: &[Option<i64>]) -> (Vec<Option<i64>>, Vec<bool>) {
    let pairs = given
        .windows(2)
        .filter_map(|pair| Some(pair[1]? - pair[0]?));
    let mut gaps: Vec<i64> = pairs.filter(|&gap| gap > 0).collect();
    gaps.sort_unstable();
    let gap = gaps.get(gaps.len() / 2).copied().unwrap_or(1);
    let (mut ticks, mut guessed) = (given.to_vec(), vec![false; given.len()]);
    for nth in 1..given.len() {
        let (Some(before), Some(tick)) = (ticks[nth - 1], ticks[nth]) else {
            continue;
        };
        let expected = |run: usize| before + gap * (run as i64 + 1);
        let is_back = |&run: &usize| {
            let next = given.get(nth + run).copied().flatten();
            next.is_some_and(|next| (next - expected(run)).abs() <= gap / 2)
        };
        let is_far = tick < before || tick - before > 10 * gap;
        let run = (1..=LONGEST_RUN).find(is_back);
        let Some(run) = run.filter(|&run| is_far && run > LONGEST_OUTLIER) else {
            continue;
        };
        for ahead in 0..run {
            ticks[nth + ahead] = Some(expected(ahead));
            guessed[nth + ahead] = true;
        }
    }
    (ticks, guessed)
}

/// Times that never go back, and which are guesses.
fn repaired(given: &[Option<i64>]) -> (Vec<i64>, Vec<bool>) {
    let (given, mut guessed) = without_runs(given);
    let mut ticks: Vec<i64> = Vec::with_capacity(given.len());
    let (mut offset, mut gap) = (0, 1);
    for (nth, tick) in given.iter().enumerate() {
        let before = ticks.last().copied();
        let later = |ahead: usize| given.get(nth + ahead).copied().flatten();
        // Of those that go back after two that don't, one by itself is far off, not the two.
        let goes_on = |&back: &i64| later(LONGEST_OUTLIER + 1).is_some_and(|after| after >= back);
        let next = [later(1), later(LONGEST_OUTLIER).filter(goes_on)];
        let next = next.into_iter().flatten().map(|tick| tick + offset).min();
        let follows = later(1);
        let tick = match (tick.map(|tick| tick + offset), before) {
            (None, before) => {
                guessed[nth] = true;
                before.map_or(0, |before| before + gap)
            }
            // Later than what follows, which itself follows what came before: far off.
            (Some(tick), Some(before))
                if next.is_some_and(|next| next < tick && next >= before) =>
            {
                guessed[nth] = true;
                (before + next.unwrap_or(before)) / 2
            }
            // The first one itself, where all goes on from an earlier time.
            (Some(tick), None) if follows.is_some_and(|next| next < tick) => {
                guessed[nth] = true;
                follows.unwrap_or(tick) - gap
            }
            (Some(tick), Some(before)) if tick < before => {
                guessed[nth] = true;
                if next.is_some_and(|next| next >= before) {
                    before
                } else {
                    offset += before + gap - tick;
                    before + gap
                }
            }
            (Some(tick), _) => tick,
        };
        if let Some(before) = before
            && tick > before
            && !guessed[nth]
        {
            gap = tick - before;
        }
        ticks.push(tick);
    }
    (ticks, guessed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(given: &[i64]) -> Vec<i64> {
        let given: Vec<Option<i64>> = given.iter().copied().map(Some).collect();
        repaired(&given).0
    }

    #[test]
    fn one_frame_far_off_is_put_between_its_neighbours() {
        assert_eq!(times(&[0, 10, 2020, 30, 40]), [0, 10, 20, 30, 40]);
        assert_eq!(times(&[0, 10, -500, 30, 40]), [0, 10, 10, 30, 40]);
    }

    /// Of a transport stream 20 pictures were shown 2 s later, and those behind them as before.
    #[test]
    fn a_run_far_off_is_put_in_its_place_where_the_clock_goes_on_behind_it() {
        let even: Vec<i64> = (0..60).map(|nth| nth * 10).collect();
        let mut moved = even.clone();
        moved[20..40].iter_mut().for_each(|tick| *tick += 500);
        assert_eq!(times(&moved), even);
        moved[40..].iter_mut().for_each(|tick| *tick += 500);
        assert_eq!(times(&moved), moved, "it stays ahead");
    }

    /// Two before it were taken for far off, where decoders give the last one its decoding time.
    #[test]
    fn of_the_last_frames_only_the_one_that_goes_back_is_moved() {
        assert_eq!(times(&[0, 10, 20, 30, 40, 20]), [0, 10, 20, 30, 40, 50]);
        assert_eq!(times(&[0, 10, 90, 91, 40, 50]), [0, 10, 25, 32, 40, 50]);
    }

    #[test]
    fn a_clock_that_restarts_goes_on() {
        assert_eq!(times(&[100, 110, 0, 10, 20]), [100, 110, 120, 130, 140]);
    }

    #[test]
    fn equal_times_and_jumps_ahead_stay() {
        assert_eq!(times(&[0, 0, 10, 10, 500, 510]), [0, 0, 10, 10, 500, 510]);
    }
}
