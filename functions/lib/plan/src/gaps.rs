//! How far the frames of a timeline are apart, ticks.

use crate::TimelineFrame;

/// When the last of these frames ends, by the times and durations of all; containers may leave that
/// of the last open.
#[must_use]
pub fn end_of(frames: &[TimelineFrame], spans: impl Iterator<Item = (i64, i64)>) -> i64 {
    let last = frames.last().map_or(0, |frame| frame.pts);
    let stated = spans
        .filter(|&(pts, _)| pts == last)
        .map(|(_, duration)| duration)
        .max();
    let duration = stated
        .filter(|&duration| duration > 0)
        .unwrap_or_else(|| usual_gap(frames));
    last.saturating_add(duration)
}

/// How far frames are apart as a rule, ticks.
#[must_use]
pub fn usual_gap(frames: &[TimelineFrame]) -> i64 {
    let mut gaps: Vec<i64> = frames
        .windows(2)
        .map(|pair| pair[1].pts.saturating_sub(pair[0].pts))
        .filter(|&gap| gap > 0)
        .collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).copied().unwrap_or(1).max(1)
}

/// Whether frames are farther apart than those of any steady rate.
#[must_use]
pub fn has_holes(frames: &[TimelineFrame]) -> bool {
    let most = usual_gap(frames).saturating_mul(5) / 2;
    let mut pairs = frames.windows(2);
    pairs.any(|pair| pair[1].pts.saturating_sub(pair[0].pts) > most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(times: &[i64]) -> Vec<TimelineFrame> {
        let frame = |&pts| TimelineFrame { pts, sync: true };
        times.iter().map(frame).collect()
    }

    #[test]
    fn a_gap_of_more_than_two_frames_is_a_hole() {
        assert!(!has_holes(&frames(&[0, 40, 80, 80, 160])));
        assert!(has_holes(&frames(&[0, 40, 80, 200])));
        assert_eq!(usual_gap(&frames(&[0, 40, 40, 80, 200])), 40);
        assert_eq!(usual_gap(&frames(&[7])), 1);
    }

    #[test]
    fn a_last_frame_without_a_duration_lasts_as_long_as_others() {
        let frames = frames(&[0, 40, 80]);
        assert_eq!(end_of(&frames, [(40, 40), (80, 50)].into_iter()), 130);
        assert_eq!(end_of(&frames, [(40, 40), (80, 0)].into_iter()), 120);
    }
}
