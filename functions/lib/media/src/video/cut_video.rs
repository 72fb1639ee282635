//! A video whose index we have read ourselves.

use crate::MediaError;
use crate::cut::{AssumedFormat, CutContext, decode_alone, extract};
use crate::frame_format::{FrameFormat, PictureFilters};
use crate::frame_limits::check_pass;
use crate::picture::{Picture, PictureFormat, SinkClosed};
use crate::sps;
use crate::track_traits::TrackTraits;
use container::{ExcerptSource, SeenSamples, VideoTrack};
use decoder::{CallClock, Ffmpeg, JobLimits, RetakeBudget, Watchdog};
use plan::parts::shots_of;
use plan::{LimitExceeded, Limits, ShotWork, Size, Timeline, cut};
use source::{RangeSource, RetryingSource};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(Debug, Clone)]
pub(super) struct CutVideo {
    pub(super) timeline: Timeline,
    pub(super) first: FirstLook,
    /// Where the look is told from the headers alone.
    assumed: Option<AssumedFormat>,
    track: VideoTrack,
    /// The sample of each frame of the timeline.
    samples: Vec<usize>,
    /// What was decoded showed that the container's times are wrong.
    contradicts: Arc<AtomicBool>,
    /// Samples matter that are not known yet.
    lacks_samples: Arc<AtomicBool>,
}

impl CutVideo {
    /// How the pictures look is told from the headers where they say it well enough, else from
    /// the first one, decoded.
    ///
    /// # Errors
    /// [`MediaError::IndexMismatch`] where the track is one that the cut can't be true to.
    pub(super) fn open(
        ffmpeg: &Ffmpeg,
        source: &Arc<dyn RangeSource>,
        track: VideoTrack,
        limits: &JobLimits,
    ) -> Result<Self, MediaError> {
        let SeenSamples { timeline, samples } =
            SeenSamples::of(&track).ok_or(MediaError::IndexMismatch)?;
        let traits = TrackTraits::default().of_track(&track);
        let told = sps::first_frame(&track);
        let told = told.map(|(frame, colour)| FrameFormat::new(&frame, colour, &traits));
        let assumed = told.clone().map(AssumedFormat::new);
        let first = match told {
            Some(format) => FirstLook {
                format,
                traits,
                encoder_note: Vec::new(),
            },
            None => look_at(ffmpeg, source, &track, limits)?,
        };
        Ok(Self {
            timeline,
            first,
            assumed,
            track,
            samples,
            contradicts: Arc::default(),
            lacks_samples: Arc::default(),
        })
    }

    /// Whether a damaged picture depends on samples that are not known yet.
    pub(super) fn lacks_samples(&self) -> bool {
        self.lacks_samples.load(Ordering::Relaxed)
    }

    /// Whether the container's times contradict the coded pictures: as far as is known by what
    /// was decoded, else by the first of them.
    pub(super) fn contradicts_order(&self, source: &dyn RangeSource) -> bool {
        self.contradicts.load(Ordering::Relaxed)
            || container::contradicts_order(&RetryingSource(source), &self.track, &[0])
                .unwrap_or(false)
    }

    /// The same video with other samples known. None where the cut can't be true to them.
    pub(super) fn with(&self, track: VideoTrack) -> Option<Self> {
        let SeenSamples { timeline, samples } = SeenSamples::of(&track)?;
        Some(Self {
            timeline,
            first: self.first.clone(),
            assumed: self.assumed.clone(),
            contradicts: Arc::clone(&self.contradicts),
            lacks_samples: Arc::default(),
            samples,
            track,
        })
    }

    /// Whether ffmpeg's own demuxer would give noise where this gives an error.
    pub(super) fn has_encryption(&self) -> bool {
        self.track.has_encryption
    }

    /// Whether a picture looked otherwise than the headers say.
    pub(super) fn looks_otherwise(&self) -> bool {
        self.assumed.as_ref().is_some_and(AssumedFormat::was_missed)
    }

    /// Looks at the first picture. See [`CutVideo::open`].
    pub(super) fn look(
        &mut self,
        ffmpeg: &Ffmpeg,
        source: &Arc<dyn RangeSource>,
        limits: &JobLimits,
    ) -> Result<(), MediaError> {
        self.first = look_at(ffmpeg, source, &self.track, limits)?;
        self.assumed = None;
        Ok(())
    }

    /// Of the first frame.
    pub(super) fn display(&self) -> Size {
        self.first.format.display
    }

    pub(super) fn coded_bytes(&self, frame: usize) -> Option<u64> {
        let sample = self.track.samples.get(*self.samples.get(frame)?)?;
        Some(u64::from(sample.size))
    }

    pub(super) fn planned_work(
        &self,
        wanted: &[usize],
        limits: &Limits,
    ) -> Result<Option<Vec<ShotWork>>, LimitExceeded> {
        let targets = self.targets(wanted);
        let Some(Ok(groups)) = targets.map(|targets| cut(&self.track.samples, &targets)) else {
            return Ok(None);
        };
        let coded = self.track.coded;
        let frames = groups.iter().map(|group| group.last - group.first + 1);
        check_pass(coded, frames.sum(), limits)?;
        Ok(Some(shots_of(&groups, coded)))
    }

    pub(super) fn excerpts(&self) -> Option<ExcerptSource<'_>> {
        ExcerptSource::of(&self.track, self.timeline.frame_rate())
    }

    pub(super) fn targets(&self, wanted: &[usize]) -> Option<Vec<usize>> {
        let target = |&frame: &usize| self.samples.get(frame).copied();
        wanted.iter().map(target).collect()
    }

    pub(super) fn codec(&self) -> &'static str {
        self.track.codec.name()
    }

    pub(super) fn extract(
        &self,
        source: &Arc<dyn RangeSource>,
        ffmpeg: &Ffmpeg,
        wanted: &[usize],
        target: PictureFormat,
        limits: &JobLimits,
        sink: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
    ) -> Result<Vec<usize>, MediaError> {
        let filters = PictureFilters::new(target);
        let context = CutContext {
            source,
            track: &self.track,
            samples: &self.samples,
            encoder_note: &self.first.encoder_note,
            first: filters.of(&self.first.format)?,
            filters: &filters,
            traits: self.first.traits,
            assumed: self.assumed.as_ref(),
            contradicts: &self.contradicts,
            lacks_samples: &self.lacks_samples,
            ffmpeg,
            limits,
            clock: CallClock::start(),
            retakes: RetakeBudget::default(),
        };
        extract(&context, wanted, sink)
    }
}

/// What the first picture tells of all.
#[derive(Debug, Clone)]
pub(super) struct FirstLook {
    format: FrameFormat,
    pub(super) traits: TrackTraits,
    /// What decoders have to be told of the encoder, where that matters.
    encoder_note: Vec<u8>,
}

/// The first picture as the decoder gives it.
fn look_at(
    ffmpeg: &Ffmpeg,
    source: &Arc<dyn RangeSource>,
    track: &VideoTrack,
    limits: &JobLimits,
) -> Result<FirstLook, MediaError> {
    let sample = container::first_start(&RetryingSource(&**source), track)?;
    let sample = sample.ok_or(MediaError::IndexMismatch)?;
    let mut watch = Watchdog::new(limits, &CallClock::start());
    let (first, frame) = decode_alone(ffmpeg, track, &sample, limits, &mut watch)?;
    let encoder_note = match frame.needs_its_start(track.codec.name()) {
        true => bitstream::encoder_note(track.codec, &sample),
        false => Vec::new(),
    };
    let traits = first.traits.of_track(track);
    Ok(FirstLook {
        format: first.format(&frame, &traits),
        traits,
        encoder_note,
    })
}
