//! An index beside the frames that come out of ffmpeg, of containers in which packets have no times
//! of their own.

use super::ffmpegs;
use crate::VideoTrack;
use ::media::packet_list;
use plan::{Timeline, TimelineFrame, end_with_sound};
use source::{FileSource, RangeSource};
use std::path::Path;
use std::sync::Arc;

/// As a player sees the track.
pub(crate) fn timeline(track: &VideoTrack) -> Timeline {
    let samples = track.samples.iter().filter(|sample| sample.shown);
    let mut frames: Vec<TimelineFrame> = samples
        .map(|sample| TimelineFrame {
            pts: sample.pts,
            sync: sample.sync,
        })
        .collect();
    frames.sort_by_key(|frame| frame.pts);
    let sounds = track.sounds.iter();
    let sounds = sounds.map(|sound| (sound.end_pts, sound.time_base));
    let end = end_with_sound(track.end_pts, track.time_base, sounds);
    Timeline::new(track.time_base, frames, end).unwrap()
}

/// What differs, with each ffmpeg.
pub(crate) fn differences_of_frames(name: &str, path: &Path, track: &VideoTrack) -> Vec<String> {
    let ours = timeline(track);
    let file: Arc<dyn RangeSource> = Arc::new(FileSource::open(path).unwrap());
    let mut found = Vec::new();
    for ffmpeg in ffmpegs() {
        let theirs = packet_list::timeline(&ffmpeg, &file).unwrap();
        let version = ffmpeg.version.short();
        let pairs = ours.frames().iter().zip(theirs.frames());
        let differs = pairs.enumerate().find(|(_, (our, their))| our != their);
        if let Some((nth, pair)) = differs {
            found.push(format!("{name}, ffmpeg {version}: frame {nth}: {pair:?}"));
        }
        let ends = |timeline: &Timeline| (timeline.frames().len(), timeline.duration_ms());
        if ends(&ours) != ends(&theirs) {
            let ends = (ends(&ours), ends(&theirs));
            found.push(format!(
                "{name}, ffmpeg {version}: count and duration {ends:?}"
            ));
        }
    }
    found
}

/// That an index of the parts around some points of a clip of four seconds, as `focused` reads it,
/// tells what the whole one tells.
pub(crate) fn assert_parts_tell(all: &Timeline, focused: &dyn Fn(&[u64]) -> Timeline) {
    for points in [
        &[0][..],
        &[1900],
        &[3990, 11],
        &[0, 799, 800, 801, 1650, 2400, u64::MAX],
    ] {
        assert_same_at("parts", &focused(points), all, points);
    }
}

/// That `some` frames tell the same as `all` of them of the duration and of what is shown at these times.
pub(crate) fn assert_same_at(name: &str, some: &Timeline, all: &Timeline, points: &[u64]) {
    assert_eq!(some.duration_ms(), all.duration_ms(), "{name}");
    for &at in points {
        let of = |timeline: &Timeline| {
            let sync = timeline.sync_nearest(at).unwrap();
            [timeline.shown_at(at), sync].map(|frame| timeline.presentation_us(frame))
        };
        assert_eq!(of(some), of(all), "{name} at {at} ms");
    }
}
