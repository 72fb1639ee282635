//! Times in the order in which the decoder gives its frames: they should never fall.

use super::{ClockFault, ClockRepair, usual_step};

/// So many known times after one decide whether it is that one that is wrong. Up to half as many
/// wrong ones in a row are still told from a clock that moved.
const LOOKAHEAD: usize = 8;

/// Up to so many in a row are wrong together where the row goes on behind them as if nothing were: those
/// of a page of Ogg have one time, which the others are counted from.
const MOST_TOGETHER: usize = 64;
/// A time that is farther from the one before than so many usual distances, or before it, may begin
/// such a run.
const FAR_STEPS: i64 = 10;

/// Times that never fall, and what was done for that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepairedTimes {
    /// One for each frame.
    pub times: Vec<i64>,
    /// Empty where nothing was wrong.
    pub repairs: Vec<ClockRepair>,
}

/// Gives each frame, in the order in which they come out, a time that is not before that of the
/// frame before it. A time that fits stays; a missing one, and one that is far off while those
/// after it fit those before it, is put between its neighbours; where the clock goes back and
/// stays there, all later times are moved on by the same.
///
/// `step` is the distance of frames where their times don't tell it, ticks.
#[must_use]
pub fn repair_output_order(times: &[Option<i64>], step: i64) -> RepairedTimes {
    let forward = times.windows(2).filter_map(|pair| pair[0].zip(pair[1]));
    let steps = forward.flat_map(|(one, next)| [one, next]);
    let step = usual_step(steps).unwrap_or(step).max(1);
    let kept = keep_what_fits(&without_runs(times, step), step);
    let kept: Vec<KeptTime> = kept
        .into_iter()
        .zip(times)
        .map(|(kept, time)| match (kept, time) {
            (KeptTime::Unusable(_), Some(_)) => KeptTime::Unusable(ClockFault::Outlier),
            (kept, _) => kept,
        })
        .collect();
    let placed = place(&kept, step);
    let moved: Vec<(ClockFault, i64)> = kept
        .iter()
        .zip(&placed)
        .filter_map(|(kept, &time)| match *kept {
            KeptTime::Fits(_) => None,
            KeptTime::Restarts(_) => Some((ClockFault::Restart, time)),
            KeptTime::Unusable(fault) => Some((fault, time)),
        })
        .collect();
    RepairedTimes {
        repairs: ClockRepair::summarize(&moved),
        times: placed,
    }
}

/// The times without those of runs behind which the row goes on where it would be without a fault.
fn without_runs(times: &[Option<i64>], step: i64) -> Vec<Option<i64>> {
    let mut left = times.to_vec();
    let mut at = 1;
    while at < times.len() {
        let run = run_apart(&times[at - 1..], step).unwrap_or(0);
        left[at..at + run].fill(None);
        at += run + 1;
    }
    left
}

/// How many times after the first are of such a run, if any are.
fn run_apart(times: &[Option<i64>], step: i64) -> Option<usize> {
    let (before, first) = ((*times.first()?)?, (*times.get(1)?)?);
    let is_far = first < before || first.saturating_sub(before) > step.saturating_mul(FAR_STEPS);
    let goes_on = |run: &usize| {
        let steps = i64::try_from(run + 1).unwrap_or(i64::MAX);
        let expected = before.saturating_add(step.saturating_mul(steps));
        let next = times.get(run + 1).copied().flatten();
        next.is_some_and(|next| next.abs_diff(expected) <= step.unsigned_abs() / 2)
    };
    (1..=MOST_TOGETHER).find(goes_on).filter(|_| is_far)
}

/// What becomes of the time of one frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KeptTime {
    Fits(i64),
    /// The first of a clock that went back, moved on.
    Restarts(i64),
    Unusable(ClockFault),
}

impl KeptTime {
    fn time(self) -> Option<i64> {
        match self {
            Self::Fits(time) | Self::Restarts(time) => Some(time),
            Self::Unusable(_) => None,
        }
    }
}

fn keep_what_fits(times: &[Option<i64>], step: i64) -> Vec<KeptTime> {
    let mut kept = Vec::with_capacity(times.len());
    let mut before: Option<i64> = None;
    let (mut offset, mut unplaced) = (0_i64, 0_i64);
    for (at, time) in times.iter().enumerate() {
        let Some(time) = time.map(|time| time.saturating_add(offset)) else {
            kept.push(KeptTime::Unusable(ClockFault::Missing));
            unplaced += 1;
            continue;
        };
        let later = times[at + 1..].iter().flatten().take(LOOKAHEAD);
        let later = later.map(|&later| later.saturating_add(offset));
        let verdict = judge(before, time, later);
        match verdict {
            TimeVerdict::Fits => kept.push(KeptTime::Fits(time)),
            TimeVerdict::Outlier => {
                kept.push(KeptTime::Unusable(ClockFault::Outlier));
                unplaced += 1;
                continue;
            }
            TimeVerdict::Restart => {
                let after = step.saturating_mul(unplaced + 1);
                let next = before.unwrap_or(time).saturating_add(after);
                offset = offset.saturating_add(next.saturating_sub(time));
                kept.push(KeptTime::Restarts(next));
            }
        }
        unplaced = 0;
        before = kept.last().and_then(|kept| kept.time());
    }
    kept
}

enum TimeVerdict {
    Fits,
    Outlier,
    Restart,
}

/// `before` is the last time that counts, `later` the known ones after `time`.
fn judge(before: Option<i64>, time: i64, later: impl Iterator<Item = i64>) -> TimeVerdict {
    let begin = before.unwrap_or(i64::MIN);
    let (mut all, mut after_begin, mut after_time) = (0, 0, 0);
    let (mut goes_back, mut comes_again) = (false, false);
    for later in later {
        goes_back |= all == 0 && later < time;
        comes_again |= later == time;
        all += 1;
        after_begin += usize::from(later >= begin);
        after_time += usize::from(later >= time);
    }
    // What a decoder makes up for a lost keyframe has the time of the next picture that others
    // refer to; those in between come after it.
    let is_made_up = goes_back && (comes_again || all - after_time > 1);
    if before.is_none() && is_made_up {
        return TimeVerdict::Outlier;
    }
    if time >= begin {
        // Those between the two fit the row without this one, those after it fit it with it.
        return match after_begin - after_time > after_time {
            true => TimeVerdict::Outlier,
            false => TimeVerdict::Fits,
        };
    }
    match all == 0 || after_begin * 2 > all {
        true => TimeVerdict::Outlier,
        false => TimeVerdict::Restart,
    }
}

/// Puts what has no time between its neighbours: a usual step after the one before, or closer
/// where there is less room.
fn place(kept: &[KeptTime], step: i64) -> Vec<i64> {
    let mut placed = Vec::with_capacity(kept.len());
    let mut before: Option<i64> = None;
    let mut at = 0;
    while at < kept.len() {
        let run = kept[at..].iter().take_while(|kept| kept.time().is_none());
        let run = run.count();
        let next = kept.get(at + run).and_then(|kept| kept.time());
        let count = i64::try_from(run).unwrap_or(i64::MAX);
        let (begin, step) = match (before, next) {
            (Some(before), Some(next)) => {
                let room = next.saturating_sub(before) / count.saturating_add(1);
                (before, step.min(room))
            }
            (Some(before), None) => (before, step),
            (None, Some(next)) => {
                let back = step.saturating_mul(count.saturating_add(1));
                (next.saturating_sub(back), step)
            }
            (None, None) => (step.saturating_neg(), step),
        };
        let nth = |nth| begin.saturating_add(step.saturating_mul(nth));
        // Sums of absurd times end at the largest number.
        placed.extend((1..=count).map(|at| next.map_or(nth(at), |next| nth(at).min(next))));
        placed.extend(next);
        before = placed.last().copied();
        at += run + usize::from(next.is_some());
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn repaired(times: &[i64]) -> (Vec<i64>, Vec<(ClockFault, usize)>) {
        let times: Vec<Option<i64>> = times.iter().copied().map(Some).collect();
        let RepairedTimes { times, repairs } = repair_output_order(&times, 40);
        let repairs = repairs.iter().map(|repair| (repair.fault, repair.count));
        (times, repairs.collect())
    }

    #[test]
    fn equal_times_stay_as_they_are() {
        let pairs = [0, 0, 40, 40, 80, 80, 120, 120];
        assert_eq!(repaired(&pairs), (pairs.to_vec(), vec![]));
        let run = [0, 40, 80, 80, 80, 80, 80, 80, 80, 80, 80, 80, 120, 160];
        assert_eq!(repaired(&run), (run.to_vec(), vec![]));
    }

    #[test]
    fn a_time_20_s_ahead_drags_nothing_after_it() {
        let clean: Vec<i64> = (0..20).map(|n| n * 40).collect();
        for (wrong, by) in [
            (0, 20_000),
            (7, 20_000),
            (7, -20_000),
            (18, 20_000),
            (19, -20_000),
        ] {
            let mut times = clean.clone();
            times[wrong] += by;
            let expected = (clean.clone(), vec![(ClockFault::Outlier, 1)]);
            assert_eq!(repaired(&times), expected, "{wrong} by {by}");
        }
        let mut few = clean.clone();
        few[5] += 20_000;
        few[6] += 20_040;
        few[7] += 19_900;
        assert_eq!(repaired(&few), (clean, vec![(ClockFault::Outlier, 3)]));
    }

    #[test]
    fn a_page_of_times_ahead_or_behind_drags_nothing_after_it() {
        let clean: Vec<i64> = (0..90).map(|n| n * 40).collect();
        for by in [20_000, -20_000] {
            for length in [7, 25] {
                let mut times = clean.clone();
                times[20..20 + length]
                    .iter_mut()
                    .for_each(|time| *time += by);
                let expected = (clean.clone(), vec![(ClockFault::Outlier, length)]);
                assert_eq!(repaired(&times), expected, "{length} by {by}");
            }
        }
    }

    #[test]
    fn a_frame_in_place_of_a_lost_keyframe_keeps_the_times_of_those_after_it() {
        for between in 1..4 {
            let clean: Vec<i64> = (0..20).map(|n| n * 40).collect();
            let mut times = clean.clone();
            times[0] = 40 * (between + 1);
            assert_eq!(repaired(&times), (clean, vec![(ClockFault::Outlier, 1)]));
        }
        let late = [40, 0, 80, 120, 160];
        assert_eq!(repaired(&late).0, [40, 60, 80, 120, 160], "the second is");
    }

    #[test]
    fn a_last_frame_after_a_long_still_is_believed() {
        let still = [0, 40, 80, 120, 20_000];
        assert_eq!(repaired(&still), (still.to_vec(), vec![]));
        let begins_late = [0, 20_000, 20_040, 20_080, 20_120];
        assert_eq!(repaired(&begins_late), (begins_late.to_vec(), vec![]));
    }

    #[test]
    fn a_clock_that_restarts_is_an_offset_for_all_that_follows() {
        let restarts: Vec<i64> = (50..70).chain(0..20).map(|n| n * 40).collect();
        let (times, repairs) = repaired(&restarts);
        let expected: Vec<i64> = (50..90).map(|n| n * 40).collect();
        assert_eq!((times, repairs), (expected, vec![(ClockFault::Restart, 1)]));
        let jumps: Vec<i64> = (0..20).chain(600..620).map(|n| n * 40).collect();
        assert_eq!(repaired(&jumps), (jumps.clone(), vec![]));
    }

    #[test]
    fn a_missing_time_is_a_step_after_the_one_before() {
        let mut times: Vec<Option<i64>> = (0..10).map(|n| Some(n * 40)).collect();
        (times[4], times[5]) = (None, None);
        // The next is a long still: what is missing is not spread over it.
        times[6..].fill(Some(9_000));
        let repaired = repair_output_order(&times, 1);
        assert_eq!(repaired.times[3..7], [120, 160, 200, 9_000]);
        let missing = ClockRepair {
            fault: ClockFault::Missing,
            count: 2,
            first_pts: 160,
        };
        assert_eq!(repaired.repairs, [missing]);
        let none = repair_output_order(&[None, None, None], 40);
        assert_eq!(none.times, [0, 40, 80]);
        let first = repair_output_order(&[None, Some(80), Some(120)], 40);
        assert_eq!(first.times, [40, 80, 120]);
    }

    proptest! {
        #[test]
        fn times_never_fall_and_clean_ones_stay(
            mut times in proptest::collection::vec(proptest::option::of(any::<i64>()), 0..60),
        ) {
            let repaired = repair_output_order(&times, 40);
            prop_assert_eq!(repaired.times.len(), times.len());
            prop_assert!(repaired.times.is_sorted());
            times.sort();
            times.retain(Option::is_some);
            let clean: Vec<i64> = times.iter().flatten().copied().collect();
            let kept = repair_output_order(&times, 40);
            prop_assert_eq!((kept.times, kept.repairs), (clean, vec![]));
        }
    }
}
