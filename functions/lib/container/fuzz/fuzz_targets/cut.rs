//! A cut from any table of samples: by the rules, read as they are said, or none. The input is
//! two bytes for each sample: how far its time is from that of the one before, and what it is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plan::CodedSample;
use plan::cut::{SampleGroup, CutPlanError, cut, distribute};
use std::collections::BTreeSet;

const SYNC: u8 = 1;
const TARGET: u8 = 2;
const REFERENCE: u8 = 4;

fuzz_target!(|data: &[u8]| {
    let kinds: Vec<u8> = data.chunks_exact(2).map(|pair| pair[1]).collect();
    let samples = samples(data);
    let targets: Vec<usize> = (0..kinds.len())
        .filter(|&at| kinds[at] & TARGET != 0)
        .collect();
    let starts: Option<Vec<usize>> = targets.iter().map(|&at| start(&samples, at)).collect();
    match (cut(&samples, &targets), starts) {
        (Ok(groups), Some(starts)) => {
            let wanted: BTreeSet<usize> = starts
                .iter()
                .zip(&targets)
                .flat_map(|(&start, &at)| start..=at)
                .collect();
            let taken: Vec<usize> = groups
                .iter()
                .flat_map(|group| group.first..=group.last)
                .collect();
            assert!(
                taken.iter().eq(&wanted),
                "in order, none twice, none too many"
            );
            in_order(&samples, &targets, &groups);
            groups.iter().for_each(|group| decoded(group, &kinds));
            spread(&groups, kinds.len());
        }
        (Err(CutPlanError::NoSync(at)), None) => assert_eq!(start(&samples, at), None),
        (Err(CutPlanError::OutOfOrder), Some(_)) => {
            assert!(!targets.is_sorted_by(|&one, &next| samples[one].pts < samples[next].pts));
        }
        (got, _) => panic!("{got:?}"),
    }
});

fn samples(data: &[u8]) -> Vec<CodedSample> {
    let mut pts = 0_i64;
    let sample = |pair: &[u8]| {
        pts = match pair[0] as i8 {
            i8::MIN => i64::MIN,
            i8::MAX => i64::MAX,
            step => pts.saturating_add(step.into()),
        };
        CodedSample {
            offset: 0,
            size: 1,
            pts,
            sync: pair[1] & SYNC != 0,
            shown: true, encrypted: false,
        }
    };
    data.chunks_exact(2).map(sample).collect()
}

fn start(samples: &[CodedSample], at: usize) -> Option<usize> {
    (0..=at)
        .rev()
        .find(|&sync| samples[sync].sync && samples[sync].pts <= samples[at].pts)
}

fn in_order(samples: &[CodedSample], targets: &[usize], groups: &[SampleGroup]) {
    let mut given: Vec<usize> = groups
        .iter()
        .flat_map(|group| group.targets.clone())
        .collect();
    assert!(given.is_sorted_by(|&one, &next| samples[one].pts < samples[next].pts));
    given.sort_unstable();
    assert_eq!(given, targets);
}

fn decoded(group: &SampleGroup, kinds: &[u8]) {
    let mut filter = group.reference_filter();
    let needed = (group.first..=group.last)
        .filter(|&at| filter.keeps(at, || kinds[at] & REFERENCE != 0));
    let plain = (group.first..=group.last)
        .filter(|&at| at == group.first || kinds[at] & (TARGET | REFERENCE) != 0);
    assert!(needed.eq(plain));
}

fn spread(groups: &[SampleGroup], processes: usize) {
    let weights: Vec<u64> = groups
        .iter()
        .map(|group| (group.last - group.first) as u64)
        .collect();
    let mut all = distribute(&weights, processes % 9).concat();
    all.sort_unstable();
    assert!(all.into_iter().eq(0..groups.len()));
}
