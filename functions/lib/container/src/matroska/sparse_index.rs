//! A long file by its cues: only the clusters around the wanted times are read.
//!
//! Cues are believed as far as they prove true: the clusters that are read begin and end where
//! cues say, with a sync sample of the time said. Anything else is [`IndexError::Unsupported`], and all
//! clusters have to be read.

use super::begin;
use super::cues::{self, CuePoint};
use super::element_reader::ElementReader;
use super::scan::SegmentScan;
use super::sound::SoundEnd;
use super::track_headers::TrackHeaders;
use crate::error::SOUND_ENDS;
use crate::known_samples::{KnownSamples, StretchSamples};
use crate::shared_reads::{read_shares, readers};
use crate::{IndexError, IndexLimits, VideoTrack};
use plan::CodedSample;
use plan::SampleLimit;
use source::RangeSource;
use std::collections::BTreeSet;

const UNTRUE: IndexError = IndexError::Unsupported("its cues are not true");
/// Too few to measure their rate.
const FEW_FRAMES: usize = 10;
/// How many parts at the start are read to measure it.
const MOST_FIRST_PARTS: usize = 8;
/// How many parts at the end are read to find out when the sound ends.
const MOST_LAST_PARTS: usize = 8;

/// See [`crate::SparseIndex`].
#[derive(Debug, Clone)]
pub(crate) struct CuedIndex {
    facts: TrackHeaders,
    segment: u64,
    /// Where the segment, and with it the file, ends.
    end: u64,
    marks: Vec<CuePoint>,
    parts: StretchSamples,
    known: KnownSamples,
    end_pts: i64,
    endings: Vec<SoundEnd>,
    limits: IndexLimits,
}

impl CuedIndex {
    /// Reads the cues, the first clusters and the last.
    ///
    /// # Errors
    /// See [`IndexError`].
    pub(crate) fn read(source: &dyn RangeSource, limits: IndexLimits) -> Result<Self, IndexError> {
        let mut scan = begin(source, limits)?;
        if scan.end != source.bytes() {
            return Err(IndexError::Unsupported("its segment is not whole"));
        }
        let facts = TrackHeaders::read(&mut scan, limits.streams, 0)?;
        let marks = cues::marks(&mut scan)?;
        // It may be one picture, and the video another track: only all clusters tell. The first
        // mark is the first cluster's, whatever is in it.
        if marks.len() <= 2 && facts.videos() > 1 {
            return Err(IndexError::Unsupported("its video has a single cue"));
        }
        if marks.last().is_some_and(|mark| mark.at >= scan.end) {
            return Err(UNTRUE);
        }
        let mut index = Self {
            facts,
            segment: scan.segment,
            end: scan.end,
            marks,
            parts: StretchSamples::new(),
            known: KnownSamples::default(),
            end_pts: 0,
            endings: Vec::new(),
            limits,
        };
        index.read_end(&mut scan)?;
        index.read_start(&mut scan)?;
        Ok(index)
    }

    /// Reads what is needed to know the frame shown, and the nearest sync sample, at each of
    /// `points_ms` after the first frame.
    ///
    /// # Errors
    /// See [`IndexError`]; what was known before stays known.
    pub(crate) fn focus(
        &mut self,
        source: &dyn RangeSource,
        points_ms: &[u64],
    ) -> Result<(), IndexError> {
        let mut wanted = BTreeSet::new();
        for &at_ms in points_ms {
            let part = self.part_at(at_ms);
            // Pictures shown before the next sync sample may come after it.
            wanted.extend([part, (part + 1).min(self.marks.len() - 1)]);
        }
        wanted.retain(|part| !self.parts.contains_key(part));
        let wanted: Vec<usize> = wanted.into_iter().collect();
        self.read_parts(source, &wanted)?;
        self.known = KnownSamples::new(&self.parts, self.marks.len(), self.facts.clock())?;
        let is_known = points_ms.iter().all(|&at_ms| self.knows(at_ms));
        is_known.then_some(()).ok_or(UNTRUE)
    }

    /// With the samples known so far: in decoding order, with gaps.
    #[must_use]
    pub(crate) fn track(&self) -> VideoTrack {
        let samples = self.known.samples.clone();
        let facts = self.facts.clone();
        let mut track = facts.track(samples, self.end_pts, &self.endings);
        track.gaps.clone_from(&self.known.gaps);
        track
    }

    /// Frames per second on average, as far as is known; none where the frames themselves tell it.
    #[must_use]
    pub(crate) fn frame_rate(&self) -> Option<f64> {
        if self.parts.len() == self.marks.len() {
            return None;
        }
        let base = self.facts.time_base;
        let tick_s = f64::from(base.num) / f64::from(base.den);
        let (frames, ticks) = self.known.count();
        let seconds = (ticks as f64 * tick_s).max(f64::MIN_POSITIVE);
        // Ticks are often milliseconds: what is stated is more exact.
        let stated_s = self.facts.video().default_duration_ns as f64 / 1e9;
        let difference_s = (frames as f64 * stated_s - seconds).abs();
        let is_true = difference_s < seconds * 0.01 + 2.0 * tick_s;
        Some(if is_true {
            stated_s.recip()
        } else {
            frames as f64 / seconds
        })
    }

    /// Whether the frame at `pts` is shown at or before `at_ms`: in exact fractions.
    fn is_by(&self, pts: i64, at_ms: u64) -> bool {
        let base = self.facts.time_base;
        let ticks = i128::from(pts) - i128::from(self.known.origin());
        ticks * i128::from(base.num) * 1000 <= i128::from(at_ms) * i128::from(base.den)
    }

    fn part_at(&self, at_ms: u64) -> usize {
        let after = self
            .marks
            .partition_point(|mark| self.is_by(mark.time, at_ms));
        after.saturating_sub(1)
    }

    fn knows(&self, at_ms: u64) -> bool {
        let spans = &self.known.spans;
        let after = spans.partition_point(|span| self.is_by(span.from, at_ms));
        let span = after.checked_sub(1).and_then(|nth| spans.get(nth));
        span.is_some_and(|span| !self.is_by(span.until, at_ms))
    }

    /// The first part, and as many after it as tell the rate of the frames.
    fn read_start(&mut self, scan: &mut SegmentScan<'_>) -> Result<(), IndexError> {
        for part in 0..self.marks.len() {
            self.read_part(scan, part)?;
            self.known = KnownSamples::new(&self.parts, self.marks.len(), self.facts.clock())?;
            let (frames, _) = self.known.count();
            if frames >= FEW_FRAMES || part >= MOST_FIRST_PARTS {
                break;
            }
        }
        Ok(())
    }

    /// The last part, and as many before it as tell when each sound ends.
    fn read_end(&mut self, scan: &mut SegmentScan<'_>) -> Result<(), IndexError> {
        let marks = self.marks.len();
        let mut count = 1;
        loop {
            let mut endings = self.facts.endings();
            let first = marks.saturating_sub(count);
            for part in first..marks {
                self.read_into(scan, part, &mut endings)?;
            }
            if first == 0 || endings.iter().all(SoundEnd::is_sure) {
                self.endings = endings;
                return Ok(());
            }
            count *= 2;
            if count > MOST_LAST_PARTS {
                return Err(SOUND_ENDS);
            }
        }
    }

    /// Several at once where waiting takes longer than reading.
    fn read_parts(&mut self, source: &dyn RangeSource, wanted: &[usize]) -> Result<(), IndexError> {
        let readers = readers(source);
        let most = self.limits.samples.shared(readers);
        let read = read_shares(readers, wanted, |share| {
            self.read_share(source, share, most)
        })?;
        self.parts.extend(read);
        self.check_count()
    }

    fn read_share(
        &self,
        source: &dyn RangeSource,
        share: &[usize],
        most: SampleLimit,
    ) -> Result<Vec<(usize, Vec<CodedSample>)>, IndexError> {
        let reader = ElementReader::new(source, self.limits.bytes);
        let mut scan = SegmentScan::within(reader, self.segment, self.end);
        scan.wanted = self.facts.video().number;
        let (mut parts, mut left) = (Vec::new(), most);
        for &part in share {
            let (samples, _) = self.part(&mut scan, part, &mut [], left)?;
            left = left.beside(samples.len());
            parts.push((part, samples));
        }
        Ok(parts)
    }

    fn read_part(&mut self, scan: &mut SegmentScan<'_>, part: usize) -> Result<(), IndexError> {
        if self.parts.contains_key(&part) {
            return Ok(());
        }
        self.read_into(scan, part, &mut [])
    }

    fn read_into(
        &mut self,
        scan: &mut SegmentScan<'_>,
        part: usize,
        endings: &mut [SoundEnd],
    ) -> Result<(), IndexError> {
        let (samples, end) = self.part(scan, part, endings, self.limits.samples)?;
        if part + 1 == self.marks.len() {
            self.end_pts = end.ok_or(IndexError::Unsupported("its last frame has no duration"))?;
        }
        self.parts.insert(part, samples);
        self.check_count()
    }

    /// The samples of a part, and when the last one ends, where that is said.
    fn part(
        &self,
        scan: &mut SegmentScan<'_>,
        part: usize,
        endings: &mut [SoundEnd],
        most: SampleLimit,
    ) -> Result<(Vec<CodedSample>, Option<i64>), IndexError> {
        // No part needs more than an index may; all together are the file at most.
        scan.reader.allow(self.limits.bytes);
        let next = self.marks.get(part + 1);
        let CuePoint { time, at } = self.marks[part];
        scan.jump(at, next.map_or(self.end, |next| next.at));
        let mut samples = self.facts.samples(most);
        self.facts.collect(scan, &mut samples, endings)?;
        let (samples, end) = samples.stored();
        let is_marked = |sample: &CodedSample| sample.sync && sample.pts == time;
        let is_true = part == 0 || samples.iter().any(is_marked);
        if !scan.has_arrived() || !is_true {
            return Err(UNTRUE);
        }
        Ok((samples, end))
    }

    fn check_count(&self) -> Result<(), IndexError> {
        let count: usize = self.parts.values().map(Vec::len).sum();
        Ok(self.limits.samples.check(count)?)
    }
}
