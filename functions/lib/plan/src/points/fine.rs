//! Points by lengths finer than a millisecond, or measured by the video.
//!
//! A time is rounded up to the next millisecond: the time of a frame as other programs print it,
//! 1.966633 s, then names that frame and not the one before it. A part of the video is rounded
//! down, so that less than all of it lies inside.

use super::{NoPlan, PointPlan, evenly, split};
use contract::snapshot::{FinePoints, TimeLength};

const US_PER_MS: u128 = 1000;
const MILLION: u128 = 1_000_000;

pub(super) fn plan(points: &FinePoints, duration_ms: u64, limit: u32) -> Result<PointPlan, NoPlan> {
    let whole = |length: TimeLength| ms(length, 1, 0, duration_ms);
    match *points {
        FinePoints::Evenly { count, offset } => evenly(count, whole(offset), duration_ms),
        FinePoints::At { ref times } => split(times.iter().map(|time| whole(*time)), duration_ms),
        FinePoints::Every {
            step,
            count,
            offset,
        } => {
            let offset_ms = whole(offset);
            let at = |nth| ms(step, nth, offset_ms, duration_ms);
            let fitting = fitting(step, offset_ms, duration_ms);
            let planned = count.map_or(fitting, u64::from);
            if count.is_none() && planned > u64::from(limit) {
                return Err(NoPlan::IntervalTooShort {
                    duration_ms,
                    planned,
                    limit,
                });
            }
            split((0..planned.max(1)).map(at), duration_ms)
        }
    }
}

/// `times` this length after `offset_ms`, from the exact length: roundings do not add up.
fn ms(length: TimeLength, times: u64, offset_ms: u64, duration_ms: u64) -> u64 {
    let times = u128::from(times);
    let ms = match length {
        TimeLength::Us(us) => (times * u128::from(us)).div_ceil(US_PER_MS),
        TimeLength::PartsPerMillion(parts) => {
            times * u128::from(parts) * u128::from(duration_ms) / MILLION
        }
    };
    u64::try_from(ms).map_or(u64::MAX, |ms| offset_ms.saturating_add(ms))
}

/// How many points of this step there are until the end, one more at most.
fn fitting(step: TimeLength, offset_ms: u64, duration_ms: u64) -> u64 {
    let left_us = u128::from(duration_ms.saturating_sub(offset_ms)) * US_PER_MS;
    let fitting = match step {
        TimeLength::Us(us) => left_us.div_ceil(u128::from(us.max(1))),
        TimeLength::PartsPerMillion(parts) => {
            let step = u128::from(parts.max(1)) * u128::from(duration_ms.max(1)) * US_PER_MS;
            (left_us * MILLION).div_ceil(step)
        }
    };
    u64::try_from(fitting).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use TimeLength::{PartsPerMillion, Us};

    fn times(points: &FinePoints, duration_ms: u64) -> Vec<u64> {
        let plan = plan(points, duration_ms, 20_000).unwrap();
        plan.inside.iter().map(|point| point.at_ms).collect()
    }

    fn every(step: TimeLength, count: Option<u32>, offset: TimeLength) -> FinePoints {
        FinePoints::Every {
            step,
            count,
            offset,
        }
    }

    #[test]
    fn a_tenth_of_the_video_gives_ten_points_and_none_past_the_end() {
        let tenths = every(PartsPerMillion(100_000), None, Us(0));
        assert_eq!(times(&tenths, 10_000).len(), 10);
        assert_eq!(times(&tenths, 9_999)[9], 8999);
        let late = every(PartsPerMillion(100_000), None, PartsPerMillion(950_000));
        assert_eq!(times(&late, 10_000), [9500]);
        let all = plan(&tenths, 10_000, 20_000).unwrap();
        assert!(all.beyond_end.is_empty(), "{all:?}");
    }

    #[test]
    fn roundings_of_a_step_do_not_add_up() {
        // Frames of 29.97 a second.
        let frames = every(Us(33_367), Some(301), Us(0));
        let times = times(&frames, 60_000);
        assert_eq!((times[1], times[300]), (34, 10_011));
    }

    #[test]
    fn the_time_of_a_frame_as_others_print_it_is_not_before_that_frame() {
        let at = FinePoints::At {
            times: vec![Us(1_966_633), Us(2_000_000), PartsPerMillion(999_999)],
        };
        assert_eq!(times(&at, 10_000), [1967, 2000, 9999]);
    }

    #[test]
    fn lengths_beyond_all_bounds_lie_past_the_end() {
        let far = every(Us(u64::MAX), Some(3), Us(0));
        assert_eq!(times(&far, 10_000), [0]);
        let at = FinePoints::At {
            times: vec![Us(u64::MAX), PartsPerMillion(u32::MAX)],
        };
        assert!(matches!(
            plan(&at, 10_000, 9),
            Err(NoPlan::NothingLeft { .. })
        ));
        let short = plan(&every(Us(1), None, Us(0)), 10_000, 9).unwrap_err();
        assert!(short.to_string().contains("10000000 snapshots"), "{short}");
    }

    #[test]
    fn evenly_from_a_part_of_the_video() {
        let points = FinePoints::Evenly {
            count: 2,
            offset: PartsPerMillion(500_000),
        };
        assert_eq!(times(&points, 8000), [4000, 6000]);
    }
}
