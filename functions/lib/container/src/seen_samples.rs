//! When the samples of a track are seen.

use crate::VideoTrack;
use plan::cut::shown_samples;
use plan::{CodedSample, EditedTimeline, TimeBase, Timeline, TimelineFrame, end_with_sound};

/// What is seen of a track's samples.
#[derive(Debug)]
pub struct SeenSamples {
    /// On the clock of the presentation.
    pub timeline: Timeline,
    /// The sample of each of its frames.
    pub samples: Vec<usize>,
}

impl SeenSamples {
    /// None where one of them can't be decoded from any sync sample, or where nothing is seen.
    #[must_use]
    pub fn of(track: &VideoTrack) -> Option<Self> {
        let samples = shown_samples(&track.samples)?;
        let frame = |&nth: &usize| {
            let CodedSample { pts, sync, .. } = track.samples[nth];
            TimelineFrame { pts, sync }
        };
        let frames: Vec<TimelineFrame> = samples.iter().map(frame).collect();
        match &track.edits {
            None => {
                let end = end_with_sound(track.end_pts, track.time_base, sounds(track));
                let timeline = Timeline::new(track.time_base, frames, end)?;
                let timeline = timeline.with_repairs(track.repairs.clone());
                Some(Self { timeline, samples })
            }
            Some(edits) => {
                let listed = Timeline::new(track.time_base, frames, track.end_pts)?;
                let listed = listed.with_repairs(track.repairs.clone());
                let edited = EditedTimeline::new(edits, (&listed, 0), sounds(track), samples.len());
                let edited = edited?;
                Some(Self {
                    timeline: edited.timeline().clone(),
                    samples: edited.frames().iter().map(|&nth| samples[nth]).collect(),
                })
            }
        }
    }
}

fn sounds(track: &VideoTrack) -> impl Iterator<Item = (i64, TimeBase)> {
    let sounds = track.sounds.iter();
    sounds.map(|sound| (sound.end_pts, sound.time_base))
}
