//! The work spread over decoder processes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Spreads groups over at most `processes` decoders (none counts as one). `weights` says, group
/// by group in decoding order, how many samples are to be decoded. Comes back: for each process
/// the groups it decodes, as indices into `weights`, rising. No share is empty: fewer groups
/// than processes make fewer shares.
///
/// Each group in turn goes to the process with the least work so far. So at every point of the
/// sequence no process is further ahead of another than by one group, and whoever wants the
/// pictures in order holds few of them back.
#[must_use]
pub fn distribute(weights: &[u64], processes: usize) -> Vec<Vec<usize>> {
    let processes = processes.clamp(1, weights.len().max(1));
    let mut shares = vec![Vec::new(); processes];
    let mut idlest: BinaryHeap<_> = (0..processes).map(|at| Reverse((0_u64, at))).collect();
    for (group, weight) in weights.iter().enumerate() {
        let Some(Reverse((work, at))) = idlest.pop() else {
            break;
        };
        shares[at].push(group);
        // No group is free of work; a weight of nothing would leave processes without any.
        idlest.push(Reverse((work.saturating_add((*weight).max(1)), at)));
    }
    shares.retain(|share| !share.is_empty());
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_groups_are_dealt_in_turn() {
        assert_eq!(distribute(&[5; 6], 2), [[0, 2, 4], [1, 3, 5]]);
    }

    #[test]
    fn a_long_group_is_made_up_for_by_short_ones() {
        assert_eq!(
            distribute(&[300, 100, 100, 100, 100], 2),
            [vec![0, 4], vec![1, 2, 3]]
        );
    }

    #[test]
    fn fewer_groups_than_processes_make_fewer_shares() {
        assert_eq!(distribute(&[7, 0], 8), [[0], [1]]);
        assert_eq!(distribute(&[7, 7], 0), [[0, 1]]);
        assert!(distribute(&[], 4).is_empty());
    }

    proptest! {
        #[test]
        fn every_group_is_in_one_share_and_none_runs_ahead(
            weights in proptest::collection::vec(1..1000_u64, 1..200),
            processes in 1..9_usize,
        ) {
            let shares = distribute(&weights, processes);
            prop_assert_eq!(shares.len(), processes.min(weights.len()));
            let mut all = shares.concat();
            all.sort_unstable();
            prop_assert_eq!(all, (0..weights.len()).collect::<Vec<_>>());

            for until in 1..=weights.len() {
                let work = |share: &Vec<usize>| -> u64 {
                    share.iter().take_while(|&&group| group < until).map(|&group| weights[group]).sum()
                };
                let most = shares.iter().map(work).max().unwrap();
                let least = shares.iter().map(work).min().unwrap();
                let longest = weights[..until].iter().max().unwrap();
                prop_assert!(most - least <= *longest);
            }
        }
    }
}
