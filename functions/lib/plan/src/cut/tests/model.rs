//! Videos whose references are known, and the cut as its rules say it, word by word.

use crate::CodedSample;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A track and, for each of its samples, the samples it refers to.
#[derive(Debug, Clone)]
pub(super) struct Video {
    pub(super) samples: Vec<CodedSample>,
    pub(super) references: Vec<Vec<usize>>,
    /// Leading pictures of the first sync sample, which no decoder can show.
    pub(super) broken: BTreeSet<usize>,
}

impl Video {
    pub(super) fn decodable(&self) -> Vec<usize> {
        (0..self.samples.len())
            .filter(|sample| !self.broken.contains(sample))
            .collect()
    }

    pub(super) fn is_reference(&self, sample: usize) -> bool {
        self.references.iter().flatten().any(|&to| to == sample)
    }

    /// Everything a picture needs, itself included: followed from reference to reference.
    pub(super) fn closure(&self, target: usize) -> BTreeSet<usize> {
        let mut found = BTreeSet::from([target]);
        loop {
            let more: BTreeSet<usize> = found
                .iter()
                .flat_map(|&sample| self.references[sample].iter().copied())
                .chain(found.iter().copied())
                .collect();
            if more == found {
                return found;
            }
            found = more;
        }
    }
}

/// A picture that is no sync sample, by chance.
#[derive(Debug, Clone, Copy)]
struct Picture {
    /// Ranks it among the pictures decoded, and among those shown, after the same sync sample.
    decoded: u8,
    shown: u8,
    /// Which of the pictures that it may refer to it does.
    refers: u32,
    /// Ticks since the picture shown before.
    after: u8,
}

fn pictures(most: usize) -> impl Strategy<Value = Vec<Picture>> {
    let picture = (any::<u8>(), any::<u8>(), any::<u32>(), 1..5_u8).prop_map(
        |(decoded, shown, refers, after)| Picture {
            decoded,
            shown,
            refers,
            after,
        },
    );
    prop::collection::vec(picture, 0..=most)
}

/// Open and closed groups of pictures: leading pictures and trailing ones after each sync
/// sample, in any order, shown in any order that ITU-T H.265, 8.3.2 and 7.4.2.2 allow.
pub(super) fn video(
    groups: usize,
    leading: usize,
    trailing: usize,
) -> impl Strategy<Value = Video> {
    let group = (pictures(leading), pictures(trailing));
    prop::collection::vec(group, 1..=groups).prop_map(|groups| build(&groups))
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Sync,
    Leading,
    Trailing,
}

fn build(groups: &[(Vec<Picture>, Vec<Picture>)]) -> Video {
    let decoding = decoding_order(groups);
    let references = (0..decoding.len())
        .map(|at| references(&decoding, at))
        .collect();
    let broken = decoding
        .iter()
        .enumerate()
        .filter(|(_, (group, kind, _))| *group == 0 && *kind == Kind::Leading)
        .map(|(at, _)| at)
        .collect();
    Video {
        samples: samples(&decoding),
        references,
        broken,
    }
}

type Coded = (usize, Kind, Picture);

fn decoding_order(groups: &[(Vec<Picture>, Vec<Picture>)]) -> Vec<Coded> {
    let mut all = Vec::new();
    for (group, (leading, trailing)) in groups.iter().enumerate() {
        let sync = Picture {
            decoded: 0,
            shown: 0,
            refers: 0,
            after: 1,
        };
        all.push((group, Kind::Sync, sync));
        let mut rest: Vec<Coded> = leading
            .iter()
            .map(|&picture| (group, Kind::Leading, picture))
            .chain(
                trailing
                    .iter()
                    .map(|&picture| (group, Kind::Trailing, picture)),
            )
            .collect();
        rest.sort_by_key(|(_, _, picture)| picture.decoded);
        all.extend(rest);
    }
    all
}

/// Trailing pictures refer to their own group's sync sample and trailing pictures; leading ones
/// to their own group's sync sample and leading pictures, and to the group before without its
/// leading pictures.
fn references(decoding: &[Coded], at: usize) -> Vec<usize> {
    let (group, kind, picture) = decoding[at];
    let may = |&(other, to, _): &Coded| match kind {
        Kind::Sync => false,
        Kind::Trailing => other == group && to != Kind::Leading,
        Kind::Leading if other == group => to != Kind::Trailing,
        Kind::Leading => other + 1 == group && to != Kind::Leading,
    };
    (0..at)
        .rev()
        .filter(|&other| may(&decoding[other]))
        .zip(0..32)
        .filter(|(_, bit)| picture.refers >> bit & 1 == 1)
        .map(|(other, _)| other)
        .collect()
}

/// Between two sync samples are shown the first one's trailing and the second one's leading
/// pictures.
fn samples(decoding: &[Coded]) -> Vec<CodedSample> {
    let mut showing: Vec<usize> = (0..decoding.len()).collect();
    showing.sort_by_key(|&at| match decoding[at] {
        (group, Kind::Sync, _) => (group * 2 + 1, 0),
        (group, Kind::Leading, picture) => (group * 2, picture.shown),
        (group, Kind::Trailing, picture) => (group * 2 + 2, picture.shown),
    });
    let mut pts = vec![0; decoding.len()];
    let mut now = -7;
    for at in showing {
        now += i64::from(decoding[at].2.after);
        pts[at] = now;
    }
    (decoding.iter().zip(pts).enumerate())
        .map(|(at, ((_, kind, _), pts))| CodedSample {
            offset: at as u64 * 100,
            size: 100,
            pts,
            sync: *kind == Kind::Sync,
            shown: true,
            encrypted: false,
        })
        .collect()
}

/// Where decoding may start for a target by what the container says.
pub(super) fn possible_starts(samples: &[CodedSample], target: usize) -> Vec<usize> {
    (0..=target)
        .filter(|&at| samples[at].sync && samples[at].pts <= samples[target].pts)
        .collect()
}

/// The samples of groups that start where told: those between each start and its target.
pub(super) fn covered(starts: &[usize], targets: &[usize]) -> BTreeSet<usize> {
    (starts.iter().zip(targets))
        .flat_map(|(&start, &target)| start..=target)
        .collect()
}

/// The fewest samples that groups of `targets` can have, over all choices of starts.
pub(super) fn fewest(samples: &[CodedSample], targets: &[usize]) -> usize {
    let mut choices: Vec<Vec<usize>> = vec![vec![]];
    for &target in targets {
        let starts = possible_starts(samples, target);
        choices = (choices.iter())
            .flat_map(|chosen| {
                starts
                    .iter()
                    .map(|&start| [chosen.as_slice(), &[start]].concat())
            })
            .collect();
    }
    let counts = choices.iter().map(|starts| covered(starts, targets).len());
    counts.min().unwrap_or(0)
}
