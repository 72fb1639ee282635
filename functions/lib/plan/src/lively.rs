//! Where in a video most happens, told from its index alone.
//!
//! Encoders spend few bytes on what stays as it is: on a black picture, a still one, a title. What moves
//! takes many, keyframes apart, which cost as much wherever they are.

use crate::Timeline;

/// So many parts are named at most.
const MOST_PARTS: usize = 3;
/// Where parts begin of which nothing is known, in hundredths of where the last one can begin: not at
/// the ends, which are titles.
const BLIND: [u64; MOST_PARTS] = [40, 20, 70];

/// Where parts of `length_ms` begin, ms after the first frame: the liveliest first, each apart from the
/// others; at least one. `bytes` of each frame are coded; where they are not known the parts are spread.
#[must_use]
pub fn parts(
    timeline: &Timeline,
    bytes: impl Fn(usize) -> Option<u64>,
    length_ms: u64,
) -> Vec<u64> {
    let last_ms = timeline.duration_ms().saturating_sub(length_ms);
    match frame_bytes(timeline, &bytes) {
        Some(frames) => liveliest(&frames, length_ms, last_ms),
        None => {
            let mut blind: Vec<_> = BLIND.iter().map(|part| last_ms * part / 100).collect();
            blind.dedup();
            blind
        }
    }
}

/// When each frame is shown, ms, and its bytes; none where they are not known of all.
fn frame_bytes(
    timeline: &Timeline,
    bytes: &impl Fn(usize) -> Option<u64>,
) -> Option<Vec<(u64, u64)>> {
    let frames = timeline.frames().iter().enumerate();
    let frames = frames.map(|(index, frame)| {
        let moved = match frame.sync {
            true => 0,
            false => bytes(index)?,
        };
        Some((timeline.presentation_us(index).div_ceil(1000), moved))
    });
    let frames: Vec<_> = frames.collect::<Option<_>>()?;
    // Of keyframes alone, or of frames of one time, nothing is told.
    frames.iter().any(|(_, moved)| *moved > 0).then_some(frames)
}

fn liveliest(frames: &[(u64, u64)], length_ms: u64, last_ms: u64) -> Vec<u64> {
    let mut windows = windows(frames, length_ms, last_ms);
    // Of equal ones the earlier.
    windows.sort_by_key(|&(begin_ms, bytes)| (std::cmp::Reverse(bytes), begin_ms));
    let mut parts: Vec<u64> = Vec::new();
    for (begin_ms, _) in windows {
        let is_apart = |part: &u64| part.abs_diff(begin_ms) >= length_ms;
        if parts.iter().all(is_apart) {
            parts.push(begin_ms);
        }
        if parts.len() == MOST_PARTS {
            break;
        }
    }
    parts
}

/// The bytes of what is shown from each frame on.
fn windows(frames: &[(u64, u64)], length_ms: u64, last_ms: u64) -> Vec<(u64, u64)> {
    let (mut end, mut sum) = (0, 0);
    let mut windows = Vec::new();
    for &(begin_ms, own) in frames {
        while let Some(&(at_ms, bytes)) = frames.get(end)
            && at_ms < begin_ms.saturating_add(length_ms)
        {
            sum += bytes;
            end += 1;
        }
        if begin_ms <= last_ms || windows.is_empty() {
            windows.push((begin_ms, sum));
        }
        sum -= own;
    }
    windows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{TimeBase, TimelineFrame};

    /// Frames of a tenth of a second, every 50th a keyframe.
    fn timeline(frames: i64) -> Timeline {
        let frame = |pts| TimelineFrame {
            pts,
            sync: pts % 50 == 0,
        };
        let clock = TimeBase::new(1, 10).unwrap();
        Timeline::new(clock, (0..frames).map(frame).collect(), frames).unwrap()
    }

    #[test]
    fn the_part_with_the_most_bytes_comes_first_and_keyframes_do_not_count() {
        let bytes = |frame: usize| {
            Some(match frame {
                0 | 50 | 100 | 150 => 1_000_000,
                120..150 => 500,
                30..45 => 300,
                _ => 10,
            })
        };
        let parts = parts(&timeline(200), bytes, 3000);
        assert_eq!(parts[0], 12_000);
        assert_eq!(parts.len(), 3);
        assert!((1500..=3000).contains(&parts[1]), "{parts:?}");
    }

    #[test]
    fn a_video_that_is_no_longer_has_one_part() {
        let bytes = |_: usize| Some(5);
        assert_eq!(parts(&timeline(30), bytes, 3000), [0]);
        assert_eq!(parts(&timeline(20), bytes, 3000), [0]);
        assert_eq!(parts(&timeline(1), |_| None, 3000), [0]);
    }

    #[test]
    fn parts_are_spread_where_nothing_is_known() {
        assert_eq!(parts(&timeline(130), |_| None, 3000), [4000, 2000, 7000]);
        let of_keyframes = |frame: usize| frame.is_multiple_of(50).then_some(9);
        assert_eq!(
            parts(&timeline(130), of_keyframes, 3000),
            [4000, 2000, 7000]
        );
    }

    /// What is sought for a part of no length, or in a video of many frames, takes no time.
    #[test]
    fn a_long_video_is_looked_through_once() {
        let parts = parts(&timeline(300_000), |frame| Some(frame as u64 % 7), 3000);
        assert_eq!(parts.len(), 3);
    }
}
