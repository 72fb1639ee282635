//! Held against a model that knows all frames at once.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const SLOTS: u32 = 4;

#[derive(Debug, Clone)]
struct Frame {
    references: u32,
    refreshes: u32,
    empties: u32,
    is_wanted: bool,
    bytes: u64,
}

/// What each frame refers to, followed by slots.
fn references(frames: &[Frame]) -> Vec<BTreeSet<usize>> {
    let mut slots: BTreeMap<u32, usize> = BTreeMap::new();
    let each = frames.iter().enumerate().map(|(number, frame)| {
        let referred = (0..SLOTS).filter(|slot| frame.references >> slot & 1 == 1);
        let referred = referred.filter_map(|slot| slots.get(&slot).copied());
        let referred: BTreeSet<usize> = referred.collect();
        slots.retain(|slot, _| frame.empties >> slot & 1 == 0);
        for slot in (0..SLOTS).filter(|slot| frame.refreshes >> slot & 1 == 1) {
            slots.insert(slot, number);
        }
        referred
    });
    each.collect()
}

fn closure(references: &[BTreeSet<usize>], wanted: impl Iterator<Item = usize>) -> BTreeSet<usize> {
    let (mut found, mut left) = (BTreeSet::new(), wanted.collect::<Vec<_>>());
    while let Some(frame) = left.pop() {
        if found.insert(frame) {
            left.extend(&references[frame]);
        }
    }
    found
}

/// What is kept, the most that waited, and how many verdicts there were.
fn kept(frames: &[Frame], most_bytes: u64, doubt_at: usize) -> (BTreeSet<usize>, u64, usize) {
    let mut filter = AncestorFilter::new(most_bytes);
    let (mut live, mut most, mut verdicts) = (0, 0, Vec::new());
    for (number, frame) in frames.iter().enumerate() {
        if number == doubt_at {
            filter.keep_rest();
        }
        live = live & !frame.empties | frame.refreshes;
        let links = FrameLinks {
            references: frame.references,
            refreshes: frame.refreshes,
            live,
        };
        assert_eq!(
            filter.push(links, frame.bytes, frame.is_wanted),
            number as u64
        );
        most = most.max(filter.held_bytes());
        verdicts.extend(filter.take_verdicts());
    }
    filter.finish();
    assert_eq!(filter.held_bytes(), 0);
    verdicts.extend(filter.take_verdicts());
    let needed = verdicts.iter().filter(|verdict| verdict.is_needed);
    let kept = needed.map(|verdict| verdict.frame as usize).collect();
    (kept, most, verdicts.len())
}

fn frames() -> impl Strategy<Value = Vec<Frame>> {
    let slots = 0..1_u32 << SLOTS;
    let few = prop_oneof![3 => Just(0_u32), 1 => 0..1_u32 << SLOTS];
    let frame = (
        slots.clone(),
        slots,
        few,
        prop::bool::weighted(0.1),
        1..9_u64,
    );
    let frame = frame.prop_map(|(references, refreshes, empties, is_wanted, bytes)| Frame {
        references,
        refreshes,
        empties,
        is_wanted,
        bytes,
    });
    prop::collection::vec(frame, 1..60)
}

fn wanted(frames: &[Frame]) -> impl Iterator<Item = usize> {
    let numbered = frames.iter().enumerate();
    numbered
        .filter(|(_, frame)| frame.is_wanted)
        .map(|(n, _)| n)
}

/// The same behind a frame that nothing refers to and no other takes the place of: no frame but that
/// is behind all slots.
fn with_an_island(frames: &[Frame]) -> Vec<Frame> {
    let first = Frame {
        references: 0,
        refreshes: 1,
        empties: 0,
        is_wanted: false,
        bytes: 1,
    };
    let rest = frames.iter().map(|frame| Frame {
        refreshes: frame.refreshes & !1,
        empties: frame.empties & !1,
        references: frame.references & !1,
        ..frame.clone()
    });
    std::iter::once(first).chain(rest).collect()
}

proptest! {
    #[test]
    fn what_the_wanted_frames_need_is_kept_and_so_is_all_that_the_kept_need(
        frames in frames(),
        most_bytes in prop_oneof![Just(u64::MAX), 0..40_u64],
        doubt_at in 0..200_usize,
    ) {
        let references = references(&frames);
        let (kept, most, verdicts) = kept(&frames, most_bytes, doubt_at);
        prop_assert!(closure(&references, wanted(&frames)).is_subset(&kept));
        prop_assert_eq!(closure(&references, kept.iter().copied()), kept);
        prop_assert!(most <= most_bytes);
        prop_assert_eq!(verdicts, frames.len());
    }

    #[test]
    fn nothing_else_is_kept_where_no_frame_is_behind_all_slots(frames in frames()) {
        let frames = with_an_island(&frames);
        let (mut kept, _, _) = kept(&frames, u64::MAX, usize::MAX);
        kept.remove(&0);
        prop_assert_eq!(closure(&references(&frames), wanted(&frames)), kept);
    }
}

fn frame(references: u32, refreshes: u32) -> Frame {
    Frame {
        references,
        refreshes,
        empties: 0,
        is_wanted: false,
        bytes: 1,
    }
}

/// A pyramid in each four frames over a chain of lowest ones.
#[test]
fn of_a_pyramid_its_foundation_is_kept_and_little_waits() {
    let mut frames = vec![frame(0, 0b1111)];
    for _ in 0..1000 {
        // One slot is filled in turn by the lowest, and two by the others.
        let lowest = frames.len() / 4 % 2;
        let (own, other) = (1 << lowest, 2 >> lowest);
        frames.extend([
            frame(other, own),
            frame(0b11, 0b1100),
            frame(0b1111, 0),
            frame(0b0111, 0),
        ]);
    }
    frames.push(Frame {
        is_wanted: true,
        ..frame(0b11, 0)
    });
    let (kept, most, _) = kept(&frames, u64::MAX, usize::MAX);
    assert_eq!(kept.len(), 1 + 1000 + 1);
    assert!(most < 16, "{most}");
}

/// One slot is never refreshed, so that nothing is behind all of them.
#[test]
fn above_the_bound_the_oldest_are_kept() {
    let mut frames = vec![frame(0, 0b11)];
    frames.extend((0..100).map(|_| frame(1, 1)));
    let (all, most, _) = kept(&frames, 10, usize::MAX);
    assert!((90..=92).contains(&all.len()), "{all:?}");
    assert_eq!(most, 10);
    let (none, _, _) = kept(&frames, u64::MAX, usize::MAX);
    assert!(none.len() <= 1, "{none:?}");
}
