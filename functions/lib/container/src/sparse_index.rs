//! A long file of which only as much of the index is read as the wanted times need.

use crate::asf::{self, PacketStream};
use crate::avi::{self, AviVideo};
use crate::clocked_index::{ClockedIndex, check_length};
use crate::flv::{self, FlvIndex};
use crate::marked_index::MarkedIndex;
use crate::matroska::CuedIndex;
use crate::mxf::{self, MxfVideo};
use crate::ogg::{self, PageStream};
use crate::ps::{self, ProgramStream};
use crate::ts::TransportStream;
use crate::{IndexError, IndexLimits, TrackExcerpt, VideoTrack, starts_as_matroska, ts};
use source::RangeSource;

/// A track of which only some stretches are known: the first and the last always, and those
/// around the times given.
#[derive(Debug, Clone)]
pub struct SparseIndex(ByTime);

/// How the place of a time is found.
#[derive(Debug, Clone)]
enum ByTime {
    Cues(Box<CuedIndex>),
    Clock(Box<ClockedIndex<TransportStream>>),
    ProgramClock(Box<ClockedIndex<ProgramStream>>),
    PacketClock(Box<ClockedIndex<PacketStream>>),
    Granules(Box<ClockedIndex<PageStream>>),
    Chunks(Box<MarkedIndex<AviVideo>>),
    Tags(FlvIndex),
    EditUnits(Box<MarkedIndex<MxfVideo>>),
    /// It is not: the times were chosen before.
    Excerpt(Box<(VideoTrack, f64)>),
}

impl SparseIndex {
    /// Reads what tells the shape of the video and its duration.
    ///
    /// # Errors
    /// See [`IndexError`].
    pub fn read(source: &dyn RangeSource, limits: IndexLimits) -> Result<Self, IndexError> {
        let mut start = [0; 12];
        if source.bytes() < start.len() as u64 {
            return Err(IndexError::Unsupported("it is too short"));
        }
        source.read_at(0, &mut start)?;
        Ok(Self(if starts_as_matroska(&start) {
            ByTime::Cues(Box::new(CuedIndex::read(source, limits)?))
        } else if avi::begins(&start) {
            ByTime::Chunks(Box::new(avi::sparse_index(source, limits)?))
        } else if flv::begins(&start) {
            ByTime::Tags(FlvIndex::read(source, limits)?)
        } else if asf::begins(&start) {
            check_length(source, limits)?;
            ByTime::PacketClock(Box::new(asf::clocked_index(source, limits)?))
        } else if mxf::begins(&start) {
            ByTime::EditUnits(Box::new(mxf::sparse_index(source, limits)?))
        } else if ps::begins(&start) {
            check_length(source, limits)?;
            ByTime::ProgramClock(Box::new(ps::clocked_index(source, limits)?))
        } else if ogg::begins(&start) {
            check_length(source, limits)?;
            ByTime::Granules(Box::new(ogg::clocked_index(source, limits)?))
        } else if ts::begins(&start) {
            check_length(source, limits)?;
            ByTime::Clock(Box::new(ts::clocked_index(source, limits)?))
        } else {
            return Err(IndexError::Unsupported("nothing tells the places of times"));
        }))
    }

    /// What an excerpt tells, and no more. None where it was not written as it is.
    #[must_use]
    pub fn of_excerpt(excerpt: &TrackExcerpt) -> Option<Self> {
        let known = (excerpt.track()?, excerpt.frame_rate());
        Some(Self(ByTime::Excerpt(Box::new(known))))
    }

    /// Reads what is needed to know the frame shown, and the nearest sync sample, at each of
    /// `points_ms` after the first frame.
    ///
    /// # Errors
    /// See [`IndexError`]; what was known before stays known.
    pub fn focus(&mut self, source: &dyn RangeSource, points_ms: &[u64]) -> Result<(), IndexError> {
        match &mut self.0 {
            ByTime::Cues(index) => index.focus(source, points_ms),
            ByTime::Clock(index) => index.focus(source, points_ms),
            ByTime::ProgramClock(index) => index.focus(source, points_ms),
            ByTime::PacketClock(index) => index.focus(source, points_ms),
            ByTime::Granules(index) => index.focus(source, points_ms),
            ByTime::Chunks(index) => index.focus(source, points_ms),
            ByTime::Tags(index) => index.focus(source, points_ms),
            ByTime::EditUnits(index) => index.focus(source, points_ms),
            ByTime::Excerpt(_) => Err(IndexError::Unsupported("only an excerpt of it is known")),
        }
    }

    /// With the samples known so far: in decoding order, with gaps.
    #[must_use]
    pub fn track(&self) -> VideoTrack {
        match &self.0 {
            ByTime::Cues(index) => index.track(),
            ByTime::Clock(index) => index.track(),
            ByTime::ProgramClock(index) => index.track(),
            ByTime::PacketClock(index) => index.track(),
            ByTime::Granules(index) => index.track(),
            ByTime::Chunks(index) => index.track(),
            ByTime::Tags(index) => index.track(),
            ByTime::EditUnits(index) => index.track(),
            ByTime::Excerpt(known) => known.0.clone(),
        }
    }

    /// Frames per second on average, as far as is known; none where the frames themselves tell it.
    #[must_use]
    pub fn frame_rate(&self) -> Option<f64> {
        match &self.0 {
            ByTime::Cues(index) => index.frame_rate(),
            ByTime::Clock(index) => index.frame_rate(),
            ByTime::ProgramClock(index) => index.frame_rate(),
            ByTime::PacketClock(index) => index.frame_rate(),
            ByTime::Granules(index) => index.frame_rate(),
            ByTime::Chunks(index) => index.frame_rate(),
            ByTime::Tags(index) => index.frame_rate(),
            ByTime::EditUnits(index) => index.frame_rate(),
            ByTime::Excerpt(known) => Some(known.1),
        }
    }
}
