//! Which time points a job takes, as `SubmitSnapshotJob` of ApsaraVideo VOD documents Count,
//! Interval and SpecifiedOffsetTime. Where its documents leave it open, `docs/api.md` says the rule.

mod fine;

use crate::automatic::step_s;
use contract::snapshot::{FinePoints, PointSpec, TimeLength};
use thiserror::Error;

/// One time point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// Requested time, ms after the first frame.
    pub at_ms: u64,
}

/// The points of one job on one video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointPlan {
    /// Points inside the video, in the order asked. Never empty.
    pub inside: Vec<Point>,
    /// Points at or past the end, dropped.
    pub beyond_end: Vec<Point>,
}

/// A job that takes no picture, or too many.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum NoPlan {
    /// Points past the end are dropped; a job with none left fails.
    #[error(
        "the offset of {offset_ms} ms is at or past the end of the video, which lasts {duration_ms} ms"
    )]
    NothingLeft {
        /// The first point asked for.
        offset_ms: u64,
        /// What the video has.
        duration_ms: u64,
    },
    /// The number of pictures is never reduced silently.
    #[error(
        "an Interval of {interval_s} s over {duration_ms} ms plans {planned} snapshots; \
         the limit is {limit}"
    )]
    TooMany {
        /// As asked.
        interval_s: u64,
        /// What the video has.
        duration_ms: u64,
        /// What that would give.
        planned: u64,
        /// What a job may have.
        limit: u32,
    },
    /// The same of an interval that is not whole seconds.
    #[error("the interval plans {planned} snapshots over {duration_ms} ms; the limit is {limit}")]
    IntervalTooShort {
        /// What the video has.
        duration_ms: u64,
        /// What that would give.
        planned: u64,
        /// What a job may have.
        limit: u32,
    },
}

/// The points of `spec` on a video of `duration_ms`.
///
/// # Errors
/// See [`NoPlan`].
pub fn plan(spec: &PointSpec, duration_ms: u64, limit: u32) -> Result<PointPlan, NoPlan> {
    match *spec {
        PointSpec::Evenly { count, offset_ms } => evenly(count, offset_ms, duration_ms),
        PointSpec::Every {
            interval_s,
            count,
            offset_ms,
        } => every(interval_s, count, offset_ms, duration_ms, limit),
        PointSpec::At { ref times_ms } => split(times_ms.iter().copied(), duration_ms),
        PointSpec::Automatic => every(step_s(duration_ms), None, 0, duration_ms, limit),
        PointSpec::Fine(ref points) => fine(points, duration_ms, limit),
    }
}

/// From one point of `spec` to the next, microseconds, on a video of `duration_ms`; none where they
/// are a list. The points themselves are rounded to milliseconds, each by itself.
#[must_use]
pub fn step_us(spec: &PointSpec, duration_ms: u64) -> Option<u64> {
    let spread = |count: u32, offset_ms: u64| {
        let span_us = duration_ms.saturating_sub(offset_ms).saturating_mul(1000);
        Some((span_us / u64::from(count.max(1))).max(1))
    };
    match spec {
        PointSpec::Evenly { count, offset_ms } => spread(*count, *offset_ms),
        PointSpec::Every { interval_s, .. } => Some(interval_s.saturating_mul(1_000_000)),
        PointSpec::Automatic => Some(step_s(duration_ms).saturating_mul(1_000_000)),
        PointSpec::Fine(FinePoints::Evenly { count, offset }) => {
            spread(*count, fine::ms(*offset, 1, 0, duration_ms))
        }
        PointSpec::Fine(FinePoints::Every { step, .. }) => {
            Some(fine::us(*step, duration_ms).max(1))
        }
        PointSpec::At { .. } | PointSpec::Fine(FinePoints::At { .. }) => None,
    }
}

fn evenly(count: u32, offset_ms: u64, duration_ms: u64) -> Result<PointPlan, NoPlan> {
    let span = u128::from(duration_ms.saturating_sub(offset_ms));
    let at = |i| offset_ms + u64::try_from(u128::from(i) * span / u128::from(count)).unwrap_or(0);
    split((0..count).map(at), duration_ms)
}

fn every(
    interval_s: u64,
    count: Option<u32>,
    offset_ms: u64,
    duration_ms: u64,
    limit: u32,
) -> Result<PointPlan, NoPlan> {
    let step_ms = interval_s.max(1).saturating_mul(1000);
    let fitting = duration_ms.saturating_sub(offset_ms).div_ceil(step_ms);
    let planned = count.map_or(fitting, u64::from);
    if count.is_none() && planned > u64::from(limit) {
        return Err(NoPlan::TooMany {
            interval_s,
            duration_ms,
            planned,
            limit,
        });
    }
    // An interval-only job on an empty rest still names its offset in the error.
    let times = (0..planned.max(1)).map(|i| offset_ms.saturating_add(i.saturating_mul(step_ms)));
    split(times, duration_ms)
}

/// As the other points, of lengths that may be parts of the video.
fn fine(points: &FinePoints, duration_ms: u64, limit: u32) -> Result<PointPlan, NoPlan> {
    let whole = |length: TimeLength| fine::ms(length, 1, 0, duration_ms);
    match *points {
        FinePoints::Evenly { count, offset } => evenly(count, whole(offset), duration_ms),
        FinePoints::At { ref times } => split(times.iter().map(|time| whole(*time)), duration_ms),
        FinePoints::Every {
            step,
            count,
            offset,
        } => {
            let offset_ms = whole(offset);
            let at = |nth| fine::ms(step, nth, offset_ms, duration_ms);
            let fitting = fine::fitting(step, offset_ms, duration_ms);
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

fn split(times: impl Iterator<Item = u64>, duration_ms: u64) -> Result<PointPlan, NoPlan> {
    let (inside, beyond_end): (Vec<_>, Vec<_>) = times
        .map(|at_ms| Point { at_ms })
        .partition(|point| point.at_ms < duration_ms);
    if inside.is_empty() {
        let offset_ms = beyond_end
            .iter()
            .map(|point| point.at_ms)
            .min()
            .unwrap_or(0);
        return Err(NoPlan::NothingLeft {
            offset_ms,
            duration_ms,
        });
    }
    Ok(PointPlan { inside, beyond_end })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_of_even_points_is_finer_than_they_are() {
        let step = |spec: &PointSpec| step_us(spec, 10_000);
        assert_eq!(step(&PointSpec::spread(Some(3), 0, 0)), Some(3_333_333));
        assert_eq!(step(&PointSpec::spread(Some(4), 0, 2000)), Some(2_000_000));
        assert_eq!(step(&PointSpec::spread(None, 2, 0)), Some(2_000_000));
        let every = |step| {
            PointSpec::Fine(FinePoints::Every {
                step,
                count: None,
                offset: TimeLength::Us(0),
            })
        };
        assert_eq!(step(&every(TimeLength::Us(1_500))), Some(1_500));
        let third = TimeLength::PartsPerMillion(333_333);
        assert_eq!(step(&every(third)), Some(3_333_330));
        let times_ms = vec![0, 2000];
        assert_eq!(step(&PointSpec::At { times_ms }), None);
    }

    fn times(spec: &PointSpec, duration_ms: u64) -> Vec<u64> {
        plan(spec, duration_ms, 20_000)
            .unwrap()
            .inside
            .iter()
            .map(|p| p.at_ms)
            .collect()
    }

    #[test]
    fn the_documented_example_gives_seconds_2_3_4() {
        let spec = PointSpec::Every {
            interval_s: 1,
            count: Some(3),
            offset_ms: 2000,
        };
        assert_eq!(times(&spec, 10_000), [2000, 3000, 4000]);
    }

    #[test]
    fn count_and_interval_give_whichever_is_fewer() {
        let spec = PointSpec::Every {
            interval_s: 4,
            count: Some(9),
            offset_ms: 0,
        };
        assert_eq!(times(&spec, 10_000), [0, 4000, 8000]);
        assert_eq!(plan(&spec, 10_000, 20_000).unwrap().beyond_end.len(), 6);
    }

    #[test]
    fn interval_alone_runs_to_the_end() {
        let spec = PointSpec::Every {
            interval_s: 5,
            count: None,
            offset_ms: 100,
        };
        assert_eq!(
            times(&spec, 10_100),
            [100, 5100],
            "10,100 is the end itself"
        );
        assert_eq!(times(&spec, 10_101), [100, 5100, 10_100]);
    }

    #[test]
    fn evenly_divides_what_follows_the_offset() {
        let spec = PointSpec::Evenly {
            count: 4,
            offset_ms: 1000,
        };
        assert_eq!(times(&spec, 9000), [1000, 3000, 5000, 7000]);
    }

    #[test]
    fn a_list_keeps_its_order_and_repeats_and_drops_the_end() {
        let spec = PointSpec::At {
            times_ms: vec![500, 0, 500, 1000],
        };
        assert_eq!(times(&spec, 1000), [500, 0, 500]);
    }

    #[test]
    fn nothing_left_says_the_offset_and_the_duration() {
        for spec in [
            PointSpec::Evenly {
                count: 4,
                offset_ms: 9000,
            },
            PointSpec::Every {
                interval_s: 1,
                count: None,
                offset_ms: 9000,
            },
            PointSpec::Every {
                interval_s: 1,
                count: Some(2),
                offset_ms: 9000,
            },
            PointSpec::At {
                times_ms: vec![9000, 9500],
            },
        ] {
            let nothing = NoPlan::NothingLeft {
                offset_ms: 9000,
                duration_ms: 9000,
            };
            assert_eq!(plan(&spec, 9000, 20_000), Err(nothing));
        }
    }

    #[test]
    fn an_interval_that_plans_too_many_is_refused_with_the_numbers() {
        let spec = PointSpec::Every {
            interval_s: 1,
            count: None,
            offset_ms: 0,
        };
        let error = plan(&spec, 86_400_000, 20_000).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("plans 86400 snapshots; the limit is 20000"),
            "{error}"
        );
    }
}
