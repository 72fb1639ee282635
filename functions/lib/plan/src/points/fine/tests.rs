use crate::points::{NoPlan, fine};
use TimeLength::{PartsPerMillion, Us};
use contract::snapshot::FinePoints;
use contract::snapshot::TimeLength;

fn times(points: &FinePoints, duration_ms: u64) -> Vec<u64> {
    let plan = fine(points, duration_ms, 20_000).unwrap();
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
    let all = fine(&tenths, 10_000, 20_000).unwrap();
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
        fine(&at, 10_000, 9),
        Err(NoPlan::NothingLeft { .. })
    ));
    let short = fine(&every(Us(1), None, Us(0)), 10_000, 9).unwrap_err();
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
