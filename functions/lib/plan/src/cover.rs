//! Which frames of a video are looked at for one that can be its cover.
//!
//! A look costs a decode, so that there are few: keyframes first, which need no other frame. Where
//! none of them will do, such as the one of a clip that fades in from black, frames between them.

use crate::{Timeline, TimelineFrame};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// The most frames that are decoded for a look between keyframes: about a second of 1080p.
const MOST_BETWEEN: usize = 300;

/// Up to `most` keyframes, rising: of each of `most` parts of the video, which last equally long, the
/// one with the most bytes. Encoders spend them on what is there to be seen: a black, a blurred or an
/// empty picture has few. Where `bytes` are not known it is the one nearest to the middle of its part.
#[must_use]
pub fn keyframes(
    timeline: &Timeline,
    bytes: impl Fn(usize) -> Option<u64>,
    most: usize,
    without: &BTreeSet<usize>,
) -> Vec<usize> {
    let all: Vec<_> = keyframes_shown(timeline)
        .filter(|frame| !without.contains(frame))
        .collect();
    if all.len() <= most {
        return all;
    }
    let part_us = (u128::from(timeline.duration_ms()) * 1000 / most.max(1) as u128).max(1);
    let part = |frame: usize| u128::from(timeline.presentation_us(frame)) / part_us;
    let from_middle = |frame: usize| {
        let into = u128::from(timeline.presentation_us(frame)) % part_us;
        into.abs_diff(part_us / 2)
    };
    let of_parts = all.chunk_by(|&one, &next| part(one) == part(next));
    let rank = |frame: &&usize| {
        let nearer = Reverse(from_middle(**frame));
        (bytes(**frame).unwrap_or(0), nearer, Reverse(**frame))
    };
    let chosen = of_parts.filter_map(|part| part.iter().max_by_key(rank).copied());
    chosen.take(most).collect()
}

/// Up to `most` frames that are no keyframes, rising, spread over the groups that begin with one and over
/// each group. No more than some hundred frames are decoded for them.
#[must_use]
pub fn between_keyframes(
    timeline: &Timeline,
    most: usize,
    without: &BTreeSet<usize>,
) -> Vec<usize> {
    let groups = groups(timeline);
    let looked_into = spread(groups.len(), most);
    let count = looked_into.len().max(1);
    let (of_each, depth) = ((most / count).max(1), (MOST_BETWEEN / count).max(1));
    let frames = looked_into.into_iter().flat_map(|nth| {
        let group = groups[nth].clone();
        let after = group.len().saturating_sub(1).min(depth);
        (1..=of_each).map(move |step| group.start + (after * step).div_ceil(of_each))
    });
    let keyframes: BTreeSet<_> = keyframes_shown(timeline).collect();
    let unseen: BTreeSet<_> = frames
        .filter(|frame| !keyframes.contains(frame) && !without.contains(frame))
        .collect();
    unseen.into_iter().collect()
}

/// Of keyframes with one time the one that is shown.
fn keyframes_shown(timeline: &Timeline) -> impl Iterator<Item = usize> {
    let frames = timeline.frames();
    let is_last_of_its_time = move |index: usize, frame: &TimelineFrame| {
        frames
            .get(index + 1)
            .is_none_or(|next| next.pts != frame.pts)
    };
    frames
        .iter()
        .enumerate()
        .filter(move |(index, frame)| frame.sync && is_last_of_its_time(*index, frame))
        .map(|(index, _)| index)
}

/// The frames from one keyframe to before the next; those before the first belong to it.
fn groups(timeline: &Timeline) -> Vec<std::ops::Range<usize>> {
    let mut starts: Vec<_> = keyframes_shown(timeline).collect();
    match starts.first_mut() {
        Some(first) => *first = 0,
        None => starts.push(0),
    }
    let ends = starts.iter().skip(1).copied();
    let ends = ends.chain([timeline.frames().len()]);
    starts
        .iter()
        .copied()
        .zip(ends)
        .map(|(from, to)| from..to)
        .collect()
}

/// Up to `most` of `count` places, from the first on, evenly.
fn spread(count: usize, most: usize) -> Vec<usize> {
    let taken = count.min(most);
    (0..taken).map(|nth| nth * count / taken).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TimeBase;

    /// `frames` of a tenth of a second, every `gop`th a keyframe.
    fn timeline(frames: i64, gop: i64) -> Timeline {
        let frames_of = |pts| TimelineFrame {
            pts,
            sync: pts % gop == 0,
        };
        let clock = TimeBase::new(1, 10).unwrap();
        Timeline::new(clock, (0..frames).map(frames_of).collect(), frames).unwrap()
    }

    fn none() -> BTreeSet<usize> {
        BTreeSet::new()
    }

    #[test]
    fn few_keyframes_are_all_looked_at() {
        let bytes = |_: usize| Some(1);
        assert_eq!(
            keyframes(&timeline(40, 10), bytes, 8, &none()),
            [0, 10, 20, 30]
        );
        let without = BTreeSet::from([10]);
        assert_eq!(
            keyframes(&timeline(40, 10), bytes, 8, &without),
            [0, 20, 30]
        );
    }

    #[test]
    fn of_each_part_the_keyframe_with_the_most_bytes_is_looked_at() {
        let bytes = |frame: usize| Some(if frame % 30 == 20 { 9 } else { 1 });
        let chosen = keyframes(&timeline(120, 10), bytes, 4, &none());
        assert_eq!(chosen, [20, 50, 80, 110]);
        let unknown = keyframes(&timeline(120, 10), |_| None, 4, &none());
        assert_eq!(unknown, [10, 40, 70, 100], "the middle one");
    }

    #[test]
    fn between_the_keyframes_of_a_short_clip_all_of_it_is_looked_at() {
        let seen = between_keyframes(&timeline(25, 100), 8, &none());
        assert_eq!(seen, [3, 6, 9, 12, 15, 18, 21, 24]);
        assert!(between_keyframes(&timeline(1, 10), 8, &none()).is_empty());
        assert_eq!(between_keyframes(&timeline(3, 10), 8, &none()), [1, 2]);
    }

    /// One look into a film of one keyframe would have decoded all of it.
    #[test]
    fn a_look_between_keyframes_decodes_no_more_than_some_hundred_frames() {
        for (frames, gop) in [(100_000, 100_000), (100_000, 2000), (100_000, 10), (100, 7)] {
            let timeline = timeline(frames, gop);
            let seen = between_keyframes(&timeline, 8, &none());
            let depth = |frame: &usize| frame % usize::try_from(gop).unwrap();
            let by_group = seen.chunk_by(|one, next| depth(one) < depth(next));
            let decoded: usize = by_group
                .map(|group| depth(&group[group.len() - 1]) + 1)
                .sum();
            assert!(decoded <= MOST_BETWEEN + 8, "{frames} by {gop}: {decoded}");
            assert!(
                seen.len() >= 7 && seen.len() <= 8,
                "{frames} by {gop}: {seen:?}"
            );
        }
    }
}
