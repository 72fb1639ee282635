//! Which wanted frames are decoded together, by one process.

use crate::startup_cost::startup_frames;
use crate::{Size, Timeline};
use std::ops::Range;

/// A long run is cut so that all processors have work, but not into less than this.
const FEWEST: usize = 16;
const MOST: usize = 500;

/// Groups `wanted` (indices of frames, rising) into runs, as ranges of it. `keys` are the
/// presentation times of keyframes, rising.
#[must_use]
pub fn group(
    timeline: &Timeline,
    keys: &[i64],
    wanted: &[usize],
    shape: Size,
    processes: usize,
) -> Vec<Range<usize>> {
    let startup = startup_frames(shape);
    let enough = wanted
        .len()
        .div_ceil(2 * processes.max(1))
        .clamp(FEWEST, MOST);
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    for nth in 1..wanted.len() {
        let (before, next) = (wanted[nth - 1], wanted[nth]);
        let anew = next - frame_of_key(timeline, keys, next);
        let on = next - before;
        let full = nth - from >= MOST || (nth - from >= enough && anew < on);
        if full || on > anew.saturating_add(startup) {
            runs.push(from..nth);
            from = nth;
        }
    }
    if from < wanted.len() {
        runs.push(from..wanted.len());
    }
    runs
}

/// The frame that decoding of `frame` begins with, or the one next to it that is shown.
#[must_use]
pub fn frame_of_key(timeline: &Timeline, keys: &[i64], frame: usize) -> usize {
    let frames = timeline.frames();
    let pts = frames.get(frame).map_or(i64::MAX, |frame| frame.pts);
    let key = keys[..keys.partition_point(|&key| key <= pts)].last();
    let start = key.map_or(0, |&key| frames.partition_point(|frame| frame.pts < key));
    start.min(frame)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{TimeBase, TimelineFrame};

    const HD: Size = Size {
        width: 1920,
        height: 1080,
    };

    /// 30 frames a second, a keyframe every 60.
    fn runs(wanted: &[usize], processes: usize) -> Vec<Vec<usize>> {
        let frames = (0..6000)
            .map(|pts| TimelineFrame {
                pts,
                sync: pts % 60 == 0,
            })
            .collect();
        let timeline = Timeline::new(TimeBase::new(1, 30).unwrap(), frames, 6000).unwrap();
        let keys: Vec<i64> = (0..6000).step_by(60).collect();
        let runs = group(&timeline, &keys, wanted, HD, processes);
        runs.into_iter().map(|run| wanted[run].to_vec()).collect()
    }

    #[test]
    fn frames_of_one_group_are_decoded_once() {
        assert_eq!(runs(&[5, 50, 59], 2), [[5, 50, 59]]);
    }

    #[test]
    fn near_frames_go_on_and_far_ones_start_anew() {
        assert_eq!(
            runs(&[50, 70], 2),
            [[50, 70]],
            "20 on, against 10 and a start"
        );
        assert_eq!(
            runs(&[50, 130], 2),
            [[50], [130]],
            "80 on, against 10 and a start"
        );
    }

    #[test]
    fn a_long_row_is_cut_at_keyframes_for_all_processors() {
        let wanted: Vec<usize> = (0..6000).step_by(10).collect();
        let runs = runs(&wanted, 2);
        assert!(runs.len() >= 4 && runs.len() <= 6, "{}", runs.len());
        assert!(runs.iter().all(|run| run[0] % 60 == 0));
        assert_eq!(runs.concat(), wanted);
    }

    #[test]
    fn nothing_wanted_is_nothing_to_run() {
        assert!(runs(&[], 2).is_empty());
    }
}
