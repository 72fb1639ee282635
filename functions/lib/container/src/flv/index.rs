//! The video of an FLV, whole.

use super::sound::MILLISECONDS;
use super::tag::{BREAKS_OFF, first_tag};
use super::walk::TagWalk;
use crate::clock::SampleClock;
use crate::error::{NO_DURATION, NO_VIDEO, UNORDERED};
use crate::marked_index::whole;
use crate::window_reader::WindowReader;
use crate::{DescribedSamples, ENDS_EARLY, IndexError, IndexLimits, SoundTrack, VideoTrack};
use plan::CodedSample;
use source::RangeSource;

pub(super) const TOO_LONG: IndexError =
    IndexError::Unsupported("it is too long for its tags to be read");

/// See [`crate::index`].
pub(crate) fn index(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<VideoTrack, IndexError> {
    whole(source, TOO_LONG, || read_whole(source, limits))
}

fn read_whole(source: &dyn RangeSource, limits: IndexLimits) -> Result<VideoTrack, IndexError> {
    let reader = &mut WindowReader::new(source, limits.bytes);
    let mut walk = TagWalk::new(limits.samples);
    let first = first_tag(reader)?;
    match walk.take(reader, first, u64::MAX, &|_| true) {
        Err(IndexError::Damaged(BREAKS_OFF)) if walk.samples.is_empty() => {
            return Err(IndexError::Damaged(ENDS_EARLY));
        }
        taken => taken?,
    };
    let samples = std::mem::take(&mut walk.samples);
    check(&walk, &samples)?;
    let end_pts = end_of(&samples, duration(&samples)?);
    let described = match walk.is_of_one_kind() {
        true => DescribedSamples::default(),
        false => walk.described.clone(),
    };
    let sounds = walk.sound.end(end_pts)?.into_iter().collect();
    Ok(VideoTrack {
        samples,
        described,
        ..track(&walk, end_pts, sounds)?
    })
}

/// That each picture has a time of its own, and the first is shown first.
fn check(walk: &TagWalk, samples: &[CodedSample]) -> Result<(), IndexError> {
    let codec = walk.codec.ok_or(NO_VIDEO)?;
    check_repeats(samples)?;
    let begins = samples.first().map(|first| first.pts);
    let earliest = samples.iter().map(|sample| sample.pts).min();
    let clock = SampleClock::new(codec, MILLISECONDS);
    let is_ordered = begins == earliest && clock.is_clean(samples);
    is_ordered.then_some(()).ok_or(UNORDERED)
}

pub(super) fn check_repeats(samples: &[CodedSample]) -> Result<(), IndexError> {
    let mut times: Vec<i64> = samples.iter().map(|sample| sample.pts).collect();
    times.sort_unstable();
    let repeats = times.windows(2).any(|pair| pair[0] == pair[1]);
    (!repeats).then_some(()).ok_or(UNORDERED)
}

pub(super) fn end_of(samples: &[CodedSample], duration: i64) -> i64 {
    let last = samples.iter().map(|sample| sample.pts).max();
    last.unwrap_or(0).saturating_add(duration)
}

/// Of a picture: whole milliseconds of what their number tells on average.
pub(super) fn duration(samples: &[CodedSample]) -> Result<i64, IndexError> {
    /// What is lost where times are rounded.
    const ROUNDED: f64 = 0.05;
    let times = samples.iter().map(|sample| sample.pts);
    let (Some(first), Some(last)) = (times.clone().min(), times.max()) else {
        return Err(NO_DURATION);
    };
    let steps = samples.len() - 1;
    if steps == 0 {
        return Err(NO_DURATION);
    }
    let average = last.saturating_sub(first) as f64 / steps as f64;
    // The cast saturates.
    Ok(((average + ROUNDED) as i64).max(1))
}

/// Without samples.
pub(super) fn track(
    walk: &TagWalk,
    end_pts: i64,
    sounds: Vec<SoundTrack>,
) -> Result<VideoTrack, IndexError> {
    let first = walk.description().ok_or(NO_VIDEO)?;
    Ok(VideoTrack {
        end_pts,
        entry: first.entry.clone(),
        sounds,
        ..VideoTrack::plain(
            usize::from(walk.begins_with_sound),
            MILLISECONDS,
            walk.codec.ok_or(NO_VIDEO)?,
            first.coded,
        )
    })
}
