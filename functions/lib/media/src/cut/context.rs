//! What all processes of one extraction share.

use super::assumed_format::AssumedFormat;
use crate::MediaError;
use crate::frame_format::{PictureFilter, PictureFilters};
use crate::track_traits::TrackTraits;
use bitstream::order::OutputOrderReader;
use container::{Codec, IntraCodec};
use container::{VideoTrack, starts_fresh};
use decoder::{CallClock, Ffmpeg, JobLimits, RetakeBudget};
use plan::cut::bridged;
use plan::startup_frames;
use plan::{QuarterTurn, SampleGroup};
use source::{RangeSource, RetryingSource};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// One extraction.
#[derive(Debug)]
pub(crate) struct CutContext<'a> {
    pub(crate) source: &'a Arc<dyn RangeSource>,
    pub(crate) track: &'a VideoTrack,
    /// The sample of each frame of the timeline.
    pub(crate) samples: &'a [usize],
    /// What each decoder is told before its first sample: see [`bitstream::encoder_note`].
    pub(crate) encoder_note: &'a [u8],
    pub(crate) filters: &'a PictureFilters,
    /// What the first process begins with.
    pub(crate) first: Arc<PictureFilter>,
    pub(crate) traits: TrackTraits,
    /// What `first` was chosen for, where the decoder has not been asked.
    pub(crate) assumed: Option<&'a AssumedFormat>,
    pub(crate) ffmpeg: &'a Ffmpeg,
    pub(crate) limits: &'a JobLimits,
    /// Set where the headers of samples contradict their times.
    pub(crate) contradicts: &'a AtomicBool,
    /// Set where samples matter that are not known yet.
    pub(crate) lacks_samples: &'a AtomicBool,
    /// Of all of it.
    pub(crate) clock: CallClock,
    pub(crate) retakes: RetakeBudget,
}

impl CutContext<'_> {
    /// Whether the coded bytes tell in which order pictures are shown: then times that are wrong
    /// are told from pictures that a decoder gives in another order.
    pub(super) fn tells_order(&self) -> bool {
        OutputOrderReader::new(self.track.codec, &self.track.entry).is_some()
    }

    /// What is true of the picture of a sample, and said of none.
    pub(super) fn traits_of(&self, sample: usize) -> TrackTraits {
        match self.track.has_several_descriptions() {
            true => self.traits.in_container(&self.track.layout_at(sample)),
            false => self.traits,
        }
    }

    /// The shape of a pixel that a group's first sample tells, turned by this matrix. None where the
    /// container tells it, or ffmpeg does: since version 7 it shows all frames of a stream in the
    /// shape that it found first.
    pub(super) fn aspect(
        &self,
        sample: usize,
        first: &[u8],
        turned: &[i32; 9],
    ) -> Option<(u32, u32)> {
        let track = self.track;
        let stated = track.layout_at(sample).sample_aspect_ratio;
        let is_dv = track.codec == Codec::Intra(IntraCodec::Dv);
        let is_kept = self.ffmpeg.version.keeps_first_aspect() || is_dv;
        let is_told = stated.is_some() || !is_kept;
        let aspect = bitstream::pixel_aspect(track.codec, first).filter(|_| !is_told);
        let is_turned = QuarterTurn::of(turned).is_some_and(|turn| turn.is_turned);
        aspect.map(|(width, height)| match is_turned && width > 0 {
            true => (height, width),
            false => (width, height),
        })
    }

    /// H.264 of open groups of pictures needs a fresh decoder for each group that does not follow
    /// on the one before. Groups that are near each other are then cheaper decoded as one.
    pub(super) fn bridge(&self, groups: Vec<SampleGroup>) -> Result<Vec<SampleGroup>, MediaError> {
        let source = RetryingSource(&**self.source);
        if groups.len() < 2 || !starts_fresh(&source, self.track, groups[1].first)? {
            return Ok(groups);
        }
        let between = startup_frames(self.track.coded);
        let all: usize = groups
            .iter()
            .map(|group| group.last - group.first + 1)
            .sum();
        // Every process gets several, so that none waits long for another.
        let most = (all / (4 * self.processes())).max(4 * between);
        let runs = groups.chunk_by(|one, next| !self.track.has_gap(one.last, next.first));
        Ok(runs
            .flat_map(|run| bridged(run.to_vec(), between, most))
            .collect())
    }

    pub(super) fn processes(&self) -> usize {
        self.limits.processes.max(1)
    }

    /// How many pictures of a process may wait for those of another: a few, and small ones more.
    pub(super) fn waiting(&self) -> usize {
        const BYTES: usize = 2 << 20;
        (BYTES / self.first.bytes_per_picture().max(1)).min(64)
    }
}
