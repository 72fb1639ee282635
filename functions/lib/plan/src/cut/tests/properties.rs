//! What holds of every cut.

use super::model::{Video, covered, fewest, possible_starts, video};
use super::needed;
use crate::CodedSample;
use crate::cut::{CutPlanError, SampleGroup, cut};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A video and some of its pictures, in any order.
fn wanted(
    video: impl Strategy<Value = Video>,
    most: usize,
) -> impl Strategy<Value = (Video, Vec<usize>)> {
    video.prop_flat_map(move |video| {
        let decodable = video.decodable();
        let most = most.min(decodable.len());
        let targets = prop::sample::subsequence(decodable, 0..=most).prop_shuffle();
        (Just(video), targets)
    })
}

/// Any table of samples, as a broken or crafted file may have it.
fn nonsense() -> impl Strategy<Value = (Vec<CodedSample>, Vec<usize>)> {
    let sample = (0..12_i64, any::<bool>()).prop_map(|(pts, sync)| CodedSample {
        offset: 0,
        size: 1,
        pts,
        sync,
        shown: true,
        encrypted: false,
    });
    let samples = prop::collection::vec(sample, 0..24);
    (samples, prop::collection::vec(0..26_usize, 0..6))
}

fn well_formed(samples: &[CodedSample], targets: &[usize], groups: &[SampleGroup]) {
    for group in groups {
        assert!(samples[group.first].sync);
        assert_eq!(group.targets.iter().max(), Some(&group.last));
    }
    for pair in groups.windows(2) {
        assert!(pair[0].last < pair[1].first, "groups overlap: {pair:?}");
    }
    let given: Vec<usize> = groups
        .iter()
        .flat_map(|group| group.targets.clone())
        .collect();
    for pair in given.windows(2) {
        let order = |at: usize| (samples[at].pts, at);
        assert!(order(pair[0]) < order(pair[1]));
    }
    let distinct: BTreeSet<usize> = given.iter().copied().collect();
    assert_eq!(distinct.len(), given.len());
    assert_eq!(distinct, targets.iter().copied().collect());
}

proptest! {
    #[test]
    fn all_that_targets_refer_to_is_decoded((video, targets) in wanted(video(6, 5, 10), 12)) {
        let groups = cut(&video.samples, &targets).unwrap();
        well_formed(&video.samples, &targets, &groups);
        for group in &groups {
            let needed = needed(group, |at| video.is_reference(at));
            let needed = BTreeSet::from_iter(needed);
            prop_assert_eq!(needed.last(), Some(&group.last));
            for &target in &group.targets {
                let closure = video.closure(target);
                prop_assert!(closure.is_subset(&needed), "{closure:?} not in {needed:?}");
            }
        }
    }

    #[test]
    fn what_is_left_out_is_what_nobody_needs((video, targets) in wanted(video(4, 4, 8), 6)) {
        for group in cut(&video.samples, &targets).unwrap() {
            let needed = needed(&group, |at| video.is_reference(at));
            prop_assert!(needed.is_sorted());
            for at in group.first..=group.last {
                let wanted = group.targets.contains(&at) || video.is_reference(at);
                prop_assert_eq!(needed.contains(&at), wanted || at == group.first);
            }
        }
    }

    #[test]
    fn no_choice_of_starts_has_fewer_samples((video, targets) in wanted(video(5, 3, 4), 4)) {
        let groups = cut(&video.samples, &targets).unwrap();
        let taken: usize = groups.iter().map(|group| group.last - group.first + 1).sum();
        prop_assert_eq!(taken, fewest(&video.samples, &targets));
    }

    #[test]
    fn leading_pictures_of_the_first_sync_sample_have_no_cut(video in video(3, 3, 4)) {
        for &broken in &video.broken {
            prop_assert_eq!(cut(&video.samples, &[broken]), Err(CutPlanError::NoSync(broken)));
        }
    }

    #[test]
    fn any_table_is_cut_by_the_rules_or_refused((samples, targets) in nonsense()) {
        let starts: Option<Vec<usize>> = (targets.iter())
            .map(|&target| {
                let known = target < samples.len();
                known.then(|| possible_starts(&samples, target).last().copied()).flatten()
            })
            .collect();
        match (cut(&samples, &targets), starts) {
            (Err(CutPlanError::NoSync(at)), None) => {
                prop_assert!(targets.contains(&at));
                prop_assert!(at >= samples.len() || possible_starts(&samples, at).is_empty());
            }
            (Ok(groups), Some(starts)) => {
                well_formed(&samples, &targets, &groups);
                let taken: BTreeSet<usize> =
                    groups.iter().flat_map(|group| group.first..=group.last).collect();
                prop_assert_eq!(taken, covered(&starts, &targets));
            }
            (Err(CutPlanError::OutOfOrder), Some(_)) => {
                let mut rest: Vec<usize> = targets.clone();
                rest.sort_unstable();
                rest.dedup();
                prop_assert!(!rest.is_sorted_by_key(|&target| samples[target].pts));
            }
            (got, starts) => prop_assert!(false, "{got:?} where starts are {starts:?}"),
        }
    }
}
