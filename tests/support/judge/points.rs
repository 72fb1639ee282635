//! Which times to ask for: the start, the end, where the stream changes, and some by chance.

use super::frames::PlainDecode;
use super::timeline::ShownTimeline;
use std::collections::BTreeSet;

/// A small generator: the same points for the same seed, everywhere.
#[derive(Debug)]
struct Chance(u64);

impl Chance {
    /// Steele and others, SplitMix64.
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ mixed >> 31) % end.max(1)
    }
}

/// At most `count` points, ms, that hit a frame.
#[must_use]
pub fn choose(
    decode: &PlainDecode,
    timeline: &ShownTimeline,
    count: usize,
    seed: u64,
) -> BTreeSet<u64> {
    let last = decode.frames.len() - 1;
    let end = (0..=last).map(|frame| timeline.first_ms(frame)).max();
    let end = end.unwrap_or(0);
    let mut wanted = vec![0, end];
    let changes = (1..=last).filter(|&n| !decode.frames[n].is_shaped_as(&decode.frames[n - 1]));
    for frame in spread(&changes.collect::<Vec<_>>(), count / 3) {
        let at = timeline.first_ms(frame);
        wanted.extend([at, at.saturating_sub(1)]);
    }
    wanted.extend([end.saturating_sub(1), timeline.first_ms(1.min(last))]);
    let mut chance = Chance(seed);
    // Turn about: on a frame, right before one, anywhere.
    while wanted.len() < 4 * count {
        let on = timeline.first_ms(chance.below(decode.frames.len() as u64) as usize);
        wanted.extend([on, on.saturating_sub(1), chance.below(end + 1)]);
    }
    let mut chosen = BTreeSet::new();
    for at in wanted {
        if chosen.len() < count && at <= end {
            chosen.insert(at);
        }
    }
    chosen
}

/// So many of all, from the first to the last.
fn spread(all: &[usize], count: usize) -> Vec<usize> {
    if all.len() <= count {
        return all.to_vec();
    }
    let step = |nth: usize| all[nth * (all.len() - 1) / (count - 1).max(1)];
    (0..count).map(step).collect()
}
