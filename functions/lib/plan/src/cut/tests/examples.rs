//! Tracks small enough to be seen through.

use crate::CodedSample;
use crate::cut::{CutPlanError, SampleGroup, bridged, by_own_start, cut};

/// Samples by presentation time; sync samples are those in `syncs`.
fn track(pts: &[i64], syncs: &[usize]) -> Vec<CodedSample> {
    pts.iter()
        .enumerate()
        .map(|(at, &pts)| CodedSample {
            offset: at as u64 * 10,
            size: 10,
            pts,
            sync: syncs.contains(&at),
            shown: true,
            encrypted: false,
        })
        .collect()
}

fn group(first: usize, last: usize, targets: &[usize]) -> SampleGroup {
    SampleGroup {
        first,
        last,
        targets: targets.to_vec(),
    }
}

#[test]
fn a_group_runs_from_the_sync_sample_to_the_target() {
    let samples = track(&[0, 1, 2, 3, 4, 5, 6, 7], &[0, 4]);
    assert_eq!(cut(&samples, &[2]), Ok(vec![group(0, 2, &[2])]));
    assert_eq!(cut(&samples, &[6]), Ok(vec![group(4, 6, &[6])]));
    assert_eq!(cut(&samples, &[4]), Ok(vec![group(4, 4, &[4])]));
    assert_eq!(cut(&samples, &[]), Ok(vec![]));
}

#[test]
fn targets_come_in_order_of_presentation_however_they_are_given() {
    // I P B B, twice.
    let samples = track(&[0, 3, 1, 2, 4, 7, 5, 6], &[0, 4]);
    let cut = cut(&samples, &[5, 1, 7, 2, 2]);
    assert_eq!(cut, Ok(vec![group(0, 2, &[2, 1]), group(4, 7, &[7, 5])]));
}

#[test]
fn a_leading_picture_needs_the_group_before() {
    // An open group of pictures: 4 is sync, 5 and 6 are shown before it.
    let samples = track(&[0, 3, 1, 2, 6, 4, 5, 7], &[0, 4]);
    assert_eq!(cut(&samples, &[5]), Ok(vec![group(0, 5, &[5])]));
    assert_eq!(cut(&samples, &[7]), Ok(vec![group(4, 7, &[7])]));
    // What starts at the sync sample that the other's group runs across is in that group.
    let both = cut(&samples, &[2, 6, 7]);
    assert_eq!(both, Ok(vec![group(0, 7, &[2, 6, 7])]));
}

#[test]
fn a_leading_picture_goes_back_as_far_as_it_must() {
    let samples = track(&[0, 1, 8, 9, 6, 2], &[0, 2, 4]);
    assert_eq!(cut(&samples, &[5]), Ok(vec![group(0, 5, &[5])]));
    assert_eq!(cut(&samples, &[1, 3, 5]), Ok(vec![group(0, 5, &[1, 5, 3])]));
}

#[test]
fn neighbouring_groups_stay_apart() {
    let samples = track(&[0, 1, 2, 3], &[0, 2]);
    let cut = cut(&samples, &[1, 2]);
    assert_eq!(cut, Ok(vec![group(0, 1, &[1]), group(2, 2, &[2])]));
}

#[test]
fn what_no_sync_sample_precedes_has_no_cut() {
    let samples = track(&[2, 0, 1, 3], &[0]);
    assert_eq!(cut(&samples, &[3, 1]), Err(CutPlanError::NoSync(1)));
    assert_eq!(
        cut(&track(&[0, 1], &[]), &[0]),
        Err(CutPlanError::NoSync(0))
    );
    assert_eq!(cut(&samples, &[4]), Err(CutPlanError::NoSync(4)));
    assert_eq!(
        cut(&samples, &[usize::MAX]),
        Err(CutPlanError::NoSync(usize::MAX))
    );
}

#[test]
fn pictures_that_would_come_out_of_order_have_no_cut() {
    // The second group is shown before the end of the first.
    let falling = track(&[0, 5, 1, 6], &[0, 2]);
    assert_eq!(cut(&falling, &[1, 2]), Err(CutPlanError::OutOfOrder));
    assert_eq!(cut(&falling, &[1, 3]).map(|groups| groups.len()), Ok(2));
}

#[test]
fn pictures_of_one_time_come_in_decoding_order() {
    let twice = track(&[0, 1, 1], &[0]);
    assert_eq!(cut(&twice, &[2, 1]).unwrap()[0].targets, [1, 2]);
    // A keyframe that is sent twice: the second is enough for itself.
    let key_twice = track(&[0, 1, 2, 2, 3], &[0, 2, 3]);
    let groups = cut(&key_twice, &[3]).unwrap();
    assert_eq!((groups[0].first, groups[0].last), (3, 3));
}

#[test]
fn pictures_nobody_refers_to_are_left_out_unless_wanted() {
    // I P b b P b b, with b referred to by none.
    let samples = track(&[0, 3, 1, 2, 6, 4, 5], &[0]);
    let groups = cut(&samples, &[2, 6]).unwrap();
    let decoded = super::needed(&groups[0], |sample| [0, 1, 4].contains(&sample));
    assert_eq!(decoded, [0, 1, 2, 4, 6]);
    let all = super::needed(&groups[0], |_| true);
    assert_eq!(all, [0, 1, 2, 3, 4, 5, 6]);
    let fewest = super::needed(&groups[0], |_| false);
    assert_eq!(fewest, [0, 2, 6]);
}

#[test]
fn a_file_whose_sync_samples_all_run_backwards_is_cut_in_no_time() {
    // A look-up that walks back from sync sample to sync sample would walk all of them.
    const SAMPLES: usize = 1_000_000;
    let is_target = |at: usize| at % 50 == 49;
    let pts = (0..SAMPLES).map(|at| match at {
        0 => 0,
        at if is_target(at) => at,
        at => 2 * SAMPLES - at,
    });
    let pts: Vec<i64> = pts.map(|at| i64::try_from(at).unwrap()).collect();
    let mut samples = track(&pts, &[]);
    for (at, sample) in samples.iter_mut().enumerate() {
        sample.sync = !is_target(at);
    }
    let targets: Vec<usize> = (0..SAMPLES).filter(|&at| is_target(at)).collect();
    let groups = cut(&samples, &targets).unwrap();
    assert!(groups == [group(0, SAMPLES - 1, &targets)]);
}

#[test]
fn groups_with_little_between_them_are_bridged() {
    let samples = track(&[0, 1, 2, 3, 4, 5, 6, 7, 8], &[0, 3, 7]);
    let groups = cut(&samples, &[1, 3, 8]).unwrap();
    let spans = |groups: &[SampleGroup]| -> Vec<_> {
        let spans = groups.iter();
        spans
            .map(|group| (group.first, group.last, group.targets.clone()))
            .collect()
    };
    let joined = bridged(groups.clone(), 1, 9);
    assert_eq!(spans(&joined), [(0, 3, vec![1, 3]), (7, 8, vec![8])]);
    assert_eq!(bridged(groups.clone(), 0, 9).len(), 3);
    assert_eq!(bridged(groups, 1, 3).len(), 3);
}

#[test]
fn keyframes_alone_are_groups_of_one_sample() {
    let samples = track(&[0, 3, 1, 2, 6, 4, 5], &[0, 4]);
    let groups = cut(&samples, &[0, 4]).unwrap();
    assert!(groups.iter().all(|group| group.first == group.last));
}

#[test]
fn targets_of_joined_groups_are_told_apart_by_their_own_starts() {
    // The last keyframe begins an open group.
    let samples = track(&[0, 1, 2, 3, 4, 8, 7, 9], &[0, 3, 5]);
    let joined = group(0, 7, &[1, 4, 6, 7]);
    let parts = [group(0, 1, &[1]), group(3, 6, &[4, 6]), group(5, 7, &[7])];
    assert_eq!(by_own_start(&samples, &joined), parts);
}
