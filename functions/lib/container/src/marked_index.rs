//! A track in parts whose places and times the file tells: only those around the wanted times are
//! read.

use crate::clock::SampleClock;
use crate::known_samples::{KnownSamples, StretchSamples};
use crate::shared_reads::{read_shares, readers};
use crate::{IndexError, IndexLimits, VideoTrack};
use plan::{Budget, CodedSample};
use source::RangeSource;
use std::collections::BTreeSet;
use std::fmt::Debug;

const UNTRUE: IndexError = IndexError::Unsupported("a time is not where the file says");
/// What is this short is read as a whole.
const SHORT_BYTES: u64 = 6 << 20;
const SHORT: IndexError = IndexError::Unsupported("it is read as a whole sooner");

/// Reads a file whole unless it is far away and long; `too_long` says that of such a file.
pub(crate) fn whole<T>(
    source: &dyn RangeSource,
    too_long: IndexError,
    read: impl FnOnce() -> Result<T, IndexError>,
) -> Result<T, IndexError> {
    if source.path().is_none() && source.bytes() > SHORT_BYTES {
        return Err(too_long);
    }
    left_to_ffmpeg(read(), too_long)
}

/// That a file is long enough to be read in parts.
pub(crate) fn check_length(source: &dyn RangeSource) -> Result<(), IndexError> {
    (source.bytes() > SHORT_BYTES).then_some(()).ok_or(SHORT)
}

/// What takes too much to be read here is left to ffmpeg.
pub(crate) fn left_to_ffmpeg<T>(
    read: Result<T, IndexError>,
    too_long: IndexError,
) -> Result<T, IndexError> {
    match read {
        Err(IndexError::Over(Budget::IndexBytes)) => Err(too_long),
        read => read,
    }
}

/// Parts from one keyframe that is marked to the next.
pub(crate) trait MarkedParts: Debug + Clone + Sync {
    /// At least one.
    fn count(&self) -> usize;

    /// The last part that may begin at `pts` or before it.
    fn part_at(&self, pts: i64) -> usize;

    /// The samples of a part, in decoding order.
    ///
    /// # Errors
    /// They are not as the file says.
    fn samples(
        &self,
        source: &dyn RangeSource,
        part: usize,
        limits: IndexLimits,
    ) -> Result<Vec<CodedSample>, IndexError>;

    /// The whole track, without samples.
    fn track(&self) -> VideoTrack;
}

/// What is known of such a track.
#[derive(Debug, Clone)]
pub(crate) struct MarkedIndex<P> {
    parts: P,
    /// Without samples.
    track: VideoTrack,
    read: StretchSamples,
    known: KnownSamples,
    limits: IndexLimits,
}

impl<P: MarkedParts> MarkedIndex<P> {
    /// Reads the first part and the last.
    pub(crate) fn new(
        parts: P,
        source: &dyn RangeSource,
        limits: IndexLimits,
    ) -> Result<Self, IndexError> {
        let mut index = Self {
            track: parts.track(),
            parts,
            read: StretchSamples::new(),
            known: KnownSamples::default(),
            limits,
        };
        let last = index.parts.count() - 1;
        // The beginning of the second ends the first.
        index.add(source, BTreeSet::from([0, 1.min(last), last]))?;
        Ok(index)
    }

    /// See [`crate::SparseIndex::focus`].
    pub(crate) fn focus(
        &mut self,
        source: &dyn RangeSource,
        points_ms: &[u64],
    ) -> Result<(), IndexError> {
        let mut next = self.clone();
        let last = self.parts.count() - 1;
        let times: Vec<i64> = points_ms.iter().map(|&at| self.time_of(at)).collect();
        let around = times.iter().flat_map(|&time| {
            let part = self.parts.part_at(time);
            // Pictures shown before the next keyframe may come after it.
            [part, (part + 1).min(last)]
        });
        next.add(source, around.collect())?;
        let unknown = times.iter().filter(|&&time| !next.known.knows(time));
        let before = unknown.map(|&time| self.parts.part_at(time).saturating_sub(1));
        let before: BTreeSet<usize> = before.collect();
        next.add(source, before)?;
        let is_known = times.iter().all(|&time| next.known.knows(time));
        *self = is_known.then_some(next).ok_or(UNTRUE)?;
        Ok(())
    }

    pub(crate) fn track(&self) -> VideoTrack {
        VideoTrack {
            samples: self.known.samples.clone(),
            gaps: self.known.gaps.clone(),
            ..self.track.clone()
        }
    }

    /// Of the stretches that are known.
    pub(crate) fn frame_rate(&self) -> Option<f64> {
        if self.read.len() == self.parts.count() {
            return None;
        }
        let (frames, ticks) = self.known.count();
        let base = self.track.time_base;
        let seconds = ticks as f64 * f64::from(base.num) / f64::from(base.den);
        Some(frames as f64 / seconds.max(f64::MIN_POSITIVE))
    }

    /// The last tick at or before a time after the first frame.
    fn time_of(&self, at_ms: u64) -> i64 {
        let base = self.track.time_base;
        let ticks = u128::from(at_ms) * u128::from(base.den) / (u128::from(base.num) * 1000);
        let ticks = i64::try_from(ticks).unwrap_or(i64::MAX);
        // The last span goes on to what is later still.
        self.known.origin().saturating_add(ticks).min(i64::MAX - 1)
    }

    fn add(&mut self, source: &dyn RangeSource, wanted: BTreeSet<usize>) -> Result<(), IndexError> {
        let is_new = |part: &usize| !self.read.contains_key(part);
        let wanted: Vec<usize> = wanted.into_iter().filter(is_new).collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let readers = readers(source);
        let limits = IndexLimits {
            samples: self.limits.samples.shared(readers),
            ..self.limits
        };
        let parts = &self.parts;
        let found = read_shares(readers, &wanted, |share| {
            let read = |&part: &usize| Ok((part, parts.samples(source, part, limits)?));
            share.iter().map(read).collect()
        })?;
        self.read.extend(found);
        let count = self.read.values().map(Vec::len).sum();
        self.limits.samples.check(count)?;
        let clock = SampleClock::new(self.track.codec, self.track.time_base);
        self.known = KnownSamples::new(&self.read, self.parts.count(), clock)?;
        Ok(())
    }
}
