//! The samples of some stretches of a track, and what is known by them.
//!
//! That a stretch tells all of a time rests on what [`plan::cut`] rests on, too: what comes before
//! a sync sample in decoding order is shown before it, and what comes after it is shown after the
//! sync sample before it (ITU-T H.265, 8.1.3).

use crate::IndexError;
use crate::clock::SampleClock;
use crate::known_front::KnownFront;
use plan::CodedSample;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) const NO_SYNC: IndexError = IndexError::Unsupported("it has no sync sample");
const UNORDERED: IndexError = IndexError::Unsupported("its sync samples divide nothing");

/// The track from one mark to the next, for each mark so far read.
pub(crate) type StretchSamples = BTreeMap<usize, Vec<CodedSample>>;

/// Frames whose presentation times lie in it are all known, and so is what they need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KnownSpan {
    /// Ticks.
    pub(crate) from: i64,
    /// Ticks; a sync sample is shown at this time, and known. The largest number where the
    /// span goes on to the end.
    pub(crate) until: i64,
}

fn last_sync(samples: &[CodedSample]) -> Option<i64> {
    let mut syncs = samples.iter().rev().filter(|sample| sample.sync);
    syncs.next().map(|sync| sync.pts)
}

/// All that is known.
#[derive(Debug, Default, Clone)]
pub(crate) struct KnownSamples {
    /// In decoding order, with gaps. After each gap comes a sync sample.
    pub(crate) samples: Vec<CodedSample>,
    /// Samples after a gap.
    pub(crate) gaps: Vec<usize>,
    /// Rising.
    pub(crate) spans: Vec<KnownSpan>,
}

impl KnownSamples {
    /// Puts together what was read of a track of `marks` parts.
    pub(crate) fn new(
        parts: &StretchSamples,
        marks: usize,
        clock: SampleClock,
    ) -> Result<Self, IndexError> {
        Self::with_fronts(parts, &BTreeSet::new(), marks, clock)
    }

    /// As [`Self::new`], where of some parts, `fronts`, only the beginning was read. Pictures are shown in
    /// the order in which they are decoded.
    pub(crate) fn with_fronts(
        parts: &StretchSamples,
        fronts: &BTreeSet<usize>,
        marks: usize,
        clock: SampleClock,
    ) -> Result<Self, IndexError> {
        let mut known = Self::default();
        let mut stretch = Vec::new();
        let mut first = None;
        for (&part, samples) in parts {
            first.get_or_insert(part);
            stretch.extend_from_slice(samples);
            let is_front = fronts.contains(&part);
            if is_front || !parts.contains_key(&(part + 1)) {
                // To repair a time, more may be needed than a few clusters.
                if !clock.is_clean(&stretch) {
                    return Err(UNORDERED);
                }
                let until = match () {
                    () if part + 1 == marks => i64::MAX,
                    () if is_front => KnownFront::of(&stretch)
                        .until(clock.time_base)
                        .unwrap_or(i64::MIN),
                    () => last_sync(&stretch).ok_or(NO_SYNC)?,
                };
                let is_first = first.take() == Some(0);
                known.add(std::mem::take(&mut stretch), is_first, until)?;
            }
        }
        known.check()?;
        Ok(known)
    }

    fn add(
        &mut self,
        mut stretch: Vec<CodedSample>,
        is_first: bool,
        until: i64,
    ) -> Result<(), IndexError> {
        let start = stretch.iter().position(|sample| sample.sync);
        let start = start.ok_or(NO_SYNC)?;
        stretch.drain(..start);
        let from = stretch.first().ok_or(NO_SYNC)?.pts;
        if !is_first {
            // Pictures that lead in to the first sync sample need what is not known.
            for leading in stretch.iter_mut().filter(|sample| sample.pts < from) {
                leading.shown = false;
            }
            self.gaps.push(self.samples.len());
        }
        self.spans.push(KnownSpan {
            from: if is_first { i64::MIN } else { from },
            until,
        });
        self.samples.extend(stretch);
        Ok(())
    }

    /// Whether what is not known can be what the known rests on.
    fn check(&self) -> Result<(), IndexError> {
        let (mut latest, mut before) = (i64::MIN, i64::MIN);
        let mut sync = i64::MIN;
        for (nth, sample) in self.samples.iter().enumerate() {
            if sample.sync {
                let is_unknown = self.gaps.binary_search(&nth).is_ok();
                before = if is_unknown { i64::MIN } else { sync };
                sync = sample.pts;
                if latest > sync {
                    return Err(UNORDERED);
                }
            }
            // A sync sample that is sent twice has its own time for that of the one before.
            if sample.pts < before || sample.pts == before && !sample.sync {
                return Err(UNORDERED);
            }
            latest = latest.max(sample.pts);
        }
        // Where the presentation begins must not depend on what is known.
        let earliest = self.shown().map(|sample| sample.pts).min();
        let first = self.samples.first();
        if first.is_none_or(|first| !first.shown || Some(first.pts) != earliest) {
            return Err(IndexError::Unsupported(
                "it does not begin with a sync sample",
            ));
        }
        Ok(())
    }

    /// Steps from frame to frame where all frames are known, and the ticks that these take.
    pub(crate) fn count(&self) -> (usize, i64) {
        let (mut frames, mut ticks) = (0, 0_i64);
        let mut left = self.samples.as_slice();
        for &gap in self.gaps.iter().chain([&self.samples.len()]) {
            let until = gap - (self.samples.len() - left.len());
            let (stretch, rest) = left.split_at(until);
            left = rest;
            let mut syncs = stretch.iter().filter(|sample| sample.sync);
            let first = syncs.next().map_or(0, |sync| sync.pts);
            let last = syncs.next_back().map_or(first, |sync| sync.pts);
            let latest = stretch.iter().map(|sample| sample.pts).max();
            let until = latest.filter(|_| rest.is_empty()).unwrap_or(last);
            let is_counted =
                |sample: &&CodedSample| sample.shown && (first..until).contains(&sample.pts);
            frames += stretch.iter().filter(is_counted).count();
            ticks = ticks.saturating_add(until.saturating_sub(first));
        }
        (frames, ticks)
    }

    fn shown(&self) -> impl Iterator<Item = &CodedSample> {
        self.samples.iter().filter(|sample| sample.shown)
    }

    /// Whether the frame shown at `pts` is known, and the sync samples before and after it.
    pub(crate) fn knows(&self, pts: i64) -> bool {
        let after = self.spans.partition_point(|span| span.from <= pts);
        let span = after.checked_sub(1).and_then(|nth| self.spans.get(nth));
        span.is_some_and(|span| pts < span.until)
    }

    /// When the first frame is shown, ticks.
    pub(crate) fn origin(&self) -> i64 {
        self.samples.first().map_or(0, |first| first.pts)
    }
}
