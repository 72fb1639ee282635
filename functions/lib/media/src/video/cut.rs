//! A video whose index we have read ourselves.

use crate::bitstream::{self, Start};
use crate::container::{Codec, Track};
use crate::feed::{self, Assumed, Feed, first::decode_alone};
use crate::headers;
use crate::index::first::display_size;
use crate::index::shown::{Colour, ShownFrame};
use crate::index::timeline::with_sound;
use crate::look::{Look, Output};
use crate::process::{Clock, Purse, Watch};
use crate::source::{Patient, RangeSource};
use crate::{Ffmpeg, MediaError, Picture, Stop, Target};
use plan::{Frame, Sample, Size, Timeline};
use std::sync::Arc;

#[derive(Debug, Clone)]
pub(super) struct Cut {
    pub(super) timeline: Timeline,
    pub(super) display: Size,
    look: Look,
    /// Where the look is told from the headers alone.
    assumed: Option<Assumed>,
    track: Track,
    /// The sample of each frame of the timeline.
    samples: Vec<usize>,
    temporal_layers: u8,
}

impl Cut {
    /// How the pictures look is told from the headers where they say it well enough, else from
    /// the first one, decoded.
    ///
    /// # Errors
    /// [`MediaError::IndexUntrue`] where the track is one that the cut can't be true to.
    pub(super) fn open(
        ffmpeg: &Ffmpeg,
        source: &Arc<dyn RangeSource>,
        track: Track,
        limits: &Purse,
    ) -> Result<Self, MediaError> {
        let samples = shown(&track.samples).ok_or(MediaError::IndexUntrue)?;
        let timeline = timeline(&track, &samples).ok_or(MediaError::IndexUntrue)?;
        let told = headers::first_frame(&track);
        let is_assumed = told.is_some();
        let (frame, colour) = match told {
            Some(told) => told,
            None => look_at(ffmpeg, source, &track, limits)?,
        };
        let (look, display) = (Look::new(&frame, colour), display_size(&frame));
        let temporal_layers = match track.codec {
            Codec::Hevc { .. } => bitstream::temporal_layers(&track.entry),
            _ => 0,
        };
        Ok(Self {
            timeline,
            display,
            assumed: is_assumed.then(|| Assumed::new(look.clone(), display)),
            look,
            samples,
            temporal_layers,
            track,
        })
    }

    /// The same video with other samples known. None where the cut can't be true to them.
    pub(super) fn with(&self, track: Track) -> Option<Self> {
        let samples = shown(&track.samples)?;
        Some(Self {
            timeline: timeline(&track, &samples)?,
            display: self.display,
            look: self.look.clone(),
            assumed: self.assumed.clone(),
            temporal_layers: self.temporal_layers,
            samples,
            track,
        })
    }

    /// Whether a picture looked otherwise than the headers say.
    pub(super) fn looks_otherwise(&self) -> bool {
        self.assumed.as_ref().is_some_and(Assumed::was_missed)
    }

    /// Looks at the first picture. See [`Cut::open`].
    pub(super) fn look(
        &mut self,
        ffmpeg: &Ffmpeg,
        source: &Arc<dyn RangeSource>,
        limits: &Purse,
    ) -> Result<(), MediaError> {
        let (frame, colour) = look_at(ffmpeg, source, &self.track, limits)?;
        (self.look, self.display) = (Look::new(&frame, colour), display_size(&frame));
        self.assumed = None;
        Ok(())
    }

    pub(super) fn codec(&self) -> &'static str {
        self.track.codec.name()
    }

    pub(super) fn extract(
        &self,
        source: &Arc<dyn RangeSource>,
        ffmpeg: &Ffmpeg,
        wanted: &[usize],
        target: Target,
        limits: &Purse,
        sink: &mut dyn FnMut(Picture) -> Result<(), Stop>,
    ) -> Result<(), MediaError> {
        let output = Output::new(&self.look, target);
        let feed = Feed {
            source,
            track: &self.track,
            samples: &self.samples,
            temporal_layers: self.temporal_layers,
            output: &output,
            assumed: self.assumed.as_ref(),
            ffmpeg,
            limits,
            clock: Clock::start(),
        };
        feed::extract(&feed, wanted, sink)
    }
}

/// The first picture as the decoder gives it.
fn look_at(
    ffmpeg: &Ffmpeg,
    source: &Arc<dyn RangeSource>,
    track: &Track,
    limits: &Purse,
) -> Result<(ShownFrame, Colour), MediaError> {
    let sample = first_sync(&**source, track)?;
    let mut watch = Watch::new(limits, &Clock::start());
    let (first, frame) = decode_alone(ffmpeg, track, &sample, limits, &mut watch)?;
    if needs_its_start(track.codec, frame.full_chroma) {
        return Err(MediaError::IndexUntrue);
    }
    Ok((frame, first.colour))
}

/// Older versions of the x264 encoder wrote H.264 4:4:4 wrongly. Decoders make up for it when
/// they know who encoded, which is said once, at the start: after a cut, pictures are garbage.
fn needs_its_start(codec: Codec, full_chroma: bool) -> bool {
    matches!(codec, Codec::H264 { .. }) && full_chroma
}

/// The samples that are shown, in order of presentation. None where one of them can't be decoded
/// from any sync sample: a track that begins with leading pictures, some of which decode.
fn shown(samples: &[Sample]) -> Option<Vec<usize>> {
    let mut earliest = None;
    let mut shown = Vec::new();
    for (nth, sample) in samples.iter().enumerate() {
        if sample.sync {
            earliest = Some(earliest.map_or(sample.pts, |pts: i64| pts.min(sample.pts)));
        }
        if sample.shown {
            earliest.filter(|&pts| pts <= sample.pts)?;
            shown.push(nth);
        }
    }
    shown.sort_by_key(|&nth| samples[nth].pts);
    Some(shown)
}

fn timeline(track: &Track, shown: &[usize]) -> Option<Timeline> {
    let frame = |&nth: &usize| {
        let Sample { pts, sync, .. } = track.samples[nth];
        Frame { pts, sync }
    };
    let frames: Vec<Frame> = shown.iter().map(frame).collect();
    let repeats = frames.windows(2).any(|pair| pair[0].pts == pair[1].pts);
    if repeats {
        return None;
    }
    let sounds = track
        .sounds
        .iter()
        .map(|sound| (sound.end_pts, sound.time_base));
    let end = with_sound(track.end_pts, track.time_base, sounds);
    Timeline::new(track.time_base, frames, end)
}

fn first_sync(source: &dyn RangeSource, track: &Track) -> Result<Vec<u8>, MediaError> {
    let first = track.samples.iter().find(|sample| sample.sync);
    let sample = first.ok_or(MediaError::IndexUntrue)?;
    let mut bytes = vec![0; usize::try_from(sample.size).map_err(std::io::Error::other)?];
    Patient(source).read_at(sample.offset, &mut bytes)?;
    match bitstream::start(track.codec, &bytes) {
        Start::No => Err(MediaError::IndexUntrue),
        Start::Clean | Start::Fresh => Ok(bytes),
    }
}
