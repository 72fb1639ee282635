//! Times in decoding order: coded pictures are shown in another order than they are decoded, but
//! not in any other.

use super::output_order::repair_output_order;
use super::{ClockFault, ClockRepair, usual_step};
use crate::TimeBase;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// So many pictures decoded before a picture may be shown after it: those that wait in the
/// decoded picture buffer (ITU-T H.264, A.3.1; ITU-T H.265, A.4.2).
const MOST_WAITING: usize = 16;
/// So many pictures decoded after a picture may be shown before it. No standard bounds this one;
/// encoders make groups of up to 32.
const MOST_OVERTAKING: usize = 32;
/// So many outliers in a row, or as many in all for each thousand pictures, are a few. More are
/// something else, such as a clock that restarts.
const FEW: usize = 8;
/// A picture that is farther than this from all others is in doubt where too few follow to tell.
const FAR_S: i64 = 5;
/// And so many usual distances.
const FAR_STEPS: i64 = 10;

/// What times in decoding order tell of themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecodingOrderCheck {
    /// They are as a coded video has them, or so odd that nothing is known.
    Fits,
    /// These samples, rising, are shown at times that no order of decoding explains; without
    /// them all others are in order.
    Outliers(Vec<usize>),
    /// The first or the last picture is far from all others, and what the decoder gives next
    /// decides whether it belongs there.
    Doubtful,
}

/// Looks for outliers by rank alone: a still may last for days, and the frames after it go on.
/// `reorders`: whether pictures may be shown in another order than they are decoded at all.
#[must_use]
pub fn check_decoding_order(pts: &[i64], reorders: bool, clock: TimeBase) -> DecodingOrderCheck {
    if pts.is_sorted() {
        return DecodingOrderCheck::Fits;
    }
    let found = match reorders {
        true => displaced(pts),
        false => out_of_row(pts),
    };
    match found {
        Some(found) if !found.is_empty() => DecodingOrderCheck::Outliers(found),
        _ => match far_end(pts, clock).filter(|_| reorders) {
            // A hole in the row of the others that it fits is all the proof there can be.
            Some(far) if holes(pts, &[far], &[far]).is_some() => {
                DecodingOrderCheck::Outliers(vec![far])
            }
            Some(_) => DecodingOrderCheck::Doubtful,
            None => DecodingOrderCheck::Fits,
        },
    }
}

/// Of pictures that are shown as they are decoded. None where the clock restarts.
fn out_of_row(pts: &[i64]) -> Option<Vec<usize>> {
    let times: Vec<Option<i64>> = pts.iter().copied().map(Some).collect();
    let repaired = repair_output_order(&times, 1);
    let only_outliers = |repair: &ClockRepair| repair.fault == ClockFault::Outlier;
    let changed = pts.iter().zip(&repaired.times);
    let changed = changed.enumerate().filter(|(_, (one, other))| one != other);
    let outliers: Vec<usize> = changed.map(|(at, _)| at).collect();
    let is_explained = repaired.repairs.iter().all(only_outliers);
    (is_explained && are_few(&outliers, pts.len())).then_some(outliers)
}

/// None where so many are out of place that they are no outliers.
fn displaced(pts: &[i64]) -> Option<Vec<usize>> {
    if !may_be_displaced(pts) {
        return Some(Vec::new());
    }
    let mut outliers = too_late(pts.iter().copied().enumerate());
    if !are_few(&outliers, pts.len()) {
        // One that is too early makes all those before it too late.
        outliers.clear();
    }
    let rest = |outliers: &[usize]| {
        let rest = pts.iter().copied().enumerate();
        let rest = rest.filter(|(at, _)| outliers.binary_search(at).is_err());
        rest.collect::<Vec<_>>()
    };
    outliers.extend(too_early(rest(&outliers).into_iter()));
    outliers.sort_unstable();
    if !are_few(&outliers, pts.len()) {
        return None;
    }
    let in_order: Vec<i64> = rest(&outliers).into_iter().map(|(_, pts)| pts).collect();
    (!may_be_displaced(&in_order)).then_some(outliers)
}

/// A quick look that most files end with: nothing can be out of place where no picture is shown
/// before one that is decoded so much earlier.
fn may_be_displaced(pts: &[i64]) -> bool {
    let exceeds = |apart: usize| {
        let mut latest = i64::MIN;
        pts.iter().zip(pts.iter().skip(apart)).any(|(&one, &next)| {
            latest = latest.max(one);
            next < latest
        })
    };
    exceeds(MOST_WAITING + 1)
}

/// Those that more than [`MOST_OVERTAKING`] pictures decoded later are shown before.
fn too_late(pts: impl DoubleEndedIterator<Item = (usize, i64)>) -> Vec<usize> {
    // The earliest of those after the present one.
    let mut earliest = BinaryHeap::with_capacity(MOST_OVERTAKING + 2);
    let mut found = Vec::new();
    for (at, pts) in pts.rev() {
        let is_full = earliest.len() > MOST_OVERTAKING;
        if is_full && earliest.peek().is_some_and(|&most| pts > most) {
            found.push(at);
            continue;
        }
        earliest.push(pts);
        if is_full {
            earliest.pop();
        }
    }
    found.reverse();
    found
}

/// Those that more than [`MOST_WAITING`] pictures decoded earlier are shown after.
fn too_early(pts: impl Iterator<Item = (usize, i64)>) -> Vec<usize> {
    let mut latest = BinaryHeap::with_capacity(MOST_WAITING + 2);
    let mut found = Vec::new();
    for (at, pts) in pts {
        let is_full = latest.len() > MOST_WAITING;
        if is_full && latest.peek().is_some_and(|&Reverse(least)| pts < least) {
            found.push(at);
            continue;
        }
        latest.push(Reverse(pts));
        if is_full {
            latest.pop();
        }
    }
    found
}

fn are_few(outliers: &[usize], of: usize) -> bool {
    let in_a_row = outliers.chunk_by(|one, next| one + 1 == *next);
    outliers.len() <= FEW.max(of / 1000) && in_a_row.into_iter().all(|run| run.len() <= FEW)
}

/// The earliest, where it is not the first, or the latest, where it is not the last; and only
/// where it is far from all others.
fn far_end(pts: &[i64], clock: TimeBase) -> Option<usize> {
    let far = FAR_S * i64::from(clock.den) / i64::from(clock.num);
    let (mut early, mut late) = ([i64::MAX; 2], [i64::MIN; 2]);
    let (mut earliest, mut latest) = (0, 0);
    for (at, &pts) in pts.iter().enumerate() {
        if pts < early[0] {
            (early, earliest) = ([pts, early[0]], at);
        } else {
            early[1] = early[1].min(pts);
        }
        if pts > late[0] {
            (late, latest) = ([pts, late[0]], at);
        } else {
            late[1] = late[1].max(pts);
        }
    }
    let begins = early[1].saturating_sub(early[0]);
    let ends = late[0].saturating_sub(late[1]);
    let ends = (latest + 1 < pts.len()).then_some((ends, latest));
    let begins = (earliest > 0).then_some((begins, earliest));
    let (gap, at) = ends.into_iter().chain(begins).max()?;
    if gap < far {
        return None;
    }
    let mut shown = pts.to_vec();
    shown.sort_unstable();
    let step = usual_step(shown.into_iter()).unwrap_or(far);
    (gap > step.saturating_mul(FAR_STEPS)).then_some(at)
}

/// Gives each of `outliers`, rising indices into `pts`, a time in the place that the others leave
/// for it; none where they don't say which.
#[must_use]
pub fn put_between_neighbours(
    pts: &[i64],
    outliers: &[usize],
    reorders: bool,
) -> Option<Vec<(usize, i64)>> {
    if !reorders {
        let known = |(at, &pts): (usize, &i64)| outliers.binary_search(&at).is_err().then_some(pts);
        let times: Vec<Option<i64>> = pts.iter().enumerate().map(known).collect();
        let placed = repair_output_order(&times, 1).times;
        return Some(outliers.iter().map(|&at| (at, placed[at])).collect());
    }
    let runs = outliers.chunk_by(|one, next| next - one <= MOST_WAITING);
    runs.map(|run| holes(pts, run, outliers))
        .collect::<Option<Vec<_>>>()
        .map(|placed| placed.concat())
}

/// Where pictures of one neighbourhood are missing in the row of the others.
fn holes(pts: &[i64], run: &[usize], outliers: &[usize]) -> Option<Vec<(usize, i64)>> {
    let (first, last) = (*run.first()?, *run.last()?);
    let others = |around: usize| {
        let near = first.saturating_sub(around)..(last + around + 1).min(pts.len());
        let near = near.filter(|at| outliers.binary_search(at).is_err());
        near.map(|at| pts[at])
    };
    // What is decoded farther away is shown farther away. Between these, all are known that are
    // decoded not much farther away.
    let begin = others(MOST_WAITING).min()?;
    let end = others(MOST_WAITING).max()?;
    let row = others(MOST_WAITING + MOST_OVERTAKING);
    let mut row: Vec<i64> = row.filter(|pts| (begin..=end).contains(pts)).collect();
    row.sort_unstable();
    let step = usual_step(row.iter().copied())?;
    let mut holes = Vec::new();
    for pair in row.windows(2) {
        let gap = pair[1].saturating_sub(pair[0]);
        // Rounded times differ by a tick or two.
        let missing = (gap.saturating_add(step / 2)) / step - 1;
        holes.extend(
            (1..=missing)
                .take(FEW)
                .map(|nth| pair[0] + gap / (missing + 1) * nth),
        );
    }
    // As many as were taken out, no more and no less: else the rate varies here.
    let placed = run.iter().copied().zip(holes.iter().copied());
    (holes.len() == run.len()).then(|| placed.collect())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::cast_possible_wrap)]

    use super::*;
    use proptest::prelude::*;

    const MS: TimeBase = TimeBase { num: 1, den: 1000 };

    /// Groups of `b` pictures shown before the one that is decoded before them.
    fn coded(count: i64, b: i64, time: impl Fn(i64) -> i64) -> Vec<i64> {
        let mut order = vec![0];
        while let Some(base) = Some(order.len() as i64).filter(|&len| len < count) {
            order.push(base + b);
            order.extend(base..base + b);
        }
        order.into_iter().map(time).collect()
    }

    fn steady(n: i64) -> i64 {
        n * 40
    }

    fn outliers(pts: &[i64]) -> DecodingOrderCheck {
        check_decoding_order(pts, true, MS)
    }

    #[test]
    fn reordering_variable_rates_and_long_stills_are_no_outliers() {
        let slides = |n: i64| n * n * 3_600_000;
        let stops = |n: i64| n * 40 + (n / 70) * 86_400_000;
        for b in [0, 1, 3, 7, 16, 31] {
            for pts in [
                coded(200, b, steady),
                coded(200, b, slides),
                coded(200, b, stops),
            ] {
                assert_eq!(outliers(&pts), DecodingOrderCheck::Fits, "{b} {pts:?}");
            }
        }
    }

    #[test]
    fn a_time_far_off_is_found_whichever_way_it_is_off() {
        for b in [0, 2, 7] {
            let clean = coded(200, b, steady);
            for at in [40, 57, 120] {
                for by in [20_000, -20_000] {
                    let mut pts = clean.clone();
                    pts[at] += by;
                    let DecodingOrderCheck::Outliers(found) = outliers(&pts) else {
                        panic!("{b} {at} {by}");
                    };
                    assert_eq!(found, [at], "{b} {by}");
                    let placed = put_between_neighbours(&pts, &found, true);
                    assert_eq!(placed, Some(vec![(at, clean[at])]), "{b} {by}");
                }
            }
        }
    }

    #[test]
    fn without_reordering_one_that_follows_is_enough() {
        let mut pts: Vec<i64> = (0..20).map(steady).collect();
        pts[18] += 20_000;
        let found = check_decoding_order(&pts, false, MS);
        assert_eq!(found, DecodingOrderCheck::Outliers(vec![18]));
        assert_eq!(
            put_between_neighbours(&pts, &[18], false),
            Some(vec![(18, 720)])
        );
    }

    #[test]
    fn near_the_end_a_hole_tells_where_a_picture_belongs_or_the_decoder_does() {
        let clean = coded(100, 2, steady);
        for (at, by) in [(90, 20_000), (5, -20_000)] {
            let mut pts = clean.clone();
            pts[at] += by;
            assert_eq!(outliers(&pts), DecodingOrderCheck::Outliers(vec![at]));
            let placed = put_between_neighbours(&pts, &[at], true);
            assert_eq!(placed, Some(vec![(at, clean[at])]));
        }
        // The last picture shown, and decoded before those shown before it: perhaps a still.
        let still = coded(100, 2, |n| n * 40 + i64::from(n == 99) * 20_000);
        assert_eq!(outliers(&still), DecodingOrderCheck::Doubtful);
    }

    #[test]
    fn a_clock_that_restarts_has_no_outliers() {
        let restarts = [coded(200, 2, steady), coded(200, 2, steady)].concat();
        assert_eq!(outliers(&restarts), DecodingOrderCheck::Fits);
        let found = check_decoding_order(&[0, 40, 80, 120, 0, 40, 80, 120], false, MS);
        assert_eq!(found, DecodingOrderCheck::Fits);
    }

    #[test]
    fn where_the_rate_varies_a_place_is_not_guessed() {
        let mut pts = coded(200, 2, |n| n * 40 + n * n);
        pts[100] += 200_000;
        assert_eq!(outliers(&pts), DecodingOrderCheck::Outliers(vec![100]));
        let placed = put_between_neighbours(&pts, &[100], true);
        assert!(placed.is_none_or(|placed| placed.len() == 1));
        let mut uneven = coded(200, 2, |n| n * 80 + (n % 2) * 40);
        uneven[100] += 200_000;
        assert_eq!(put_between_neighbours(&uneven, &[100], true), None);
    }

    proptest! {
        #[test]
        fn no_times_make_it_fail(
            pts in proptest::collection::vec(any::<i64>(), 0..120),
            reorders in any::<bool>(),
        ) {
            if let DecodingOrderCheck::Outliers(found) = check_decoding_order(&pts, reorders, MS) {
                let _ = put_between_neighbours(&pts, &found, reorders);
            }
        }
    }
}
