//! A long file by its cues: only the clusters around the wanted times are read.
//!
//! Cues are believed as far as they prove true: the clusters that are read begin and end where
//! cues say, with a sync sample of the time said. Anything else is [`IndexError::Unsupported`], and all
//! clusters have to be read.

mod fronts;

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

/// As much as one request brings of samples.
const FIRST_ROW_BYTES: u64 = 1 << 20;

/// What was read of a part.
#[derive(Debug)]
struct PartRead {
    samples: Vec<CodedSample>,
    /// When the last one ends, where that is said, ticks.
    end: Option<i64>,
    is_whole: bool,
}

/// See [`crate::SparseIndex`].
#[derive(Debug, Clone)]
pub(crate) struct CuedIndex {
    facts: TrackHeaders,
    segment: u64,
    /// Where the segment, and with it the file, ends.
    end: u64,
    marks: Vec<CuePoint>,
    parts: StretchSamples,
    /// Those of which only the beginning was read.
    fronts: BTreeSet<usize>,
    /// What the source keeps of what is read along with headers, and what a request costs there.
    keeps_bytes: u64,
    gap_bytes: u64,
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
            fronts: BTreeSet::new(),
            keeps_bytes: source.kept_bytes(),
            gap_bytes: source.gap_bytes(),
            known: KnownSamples::default(),
            end_pts: 0,
            endings: Vec::new(),
            limits,
        };
        if index.keeps_bytes > 0 && index.marks.len() > 1 {
            // By its blocks, others may be read at once.
            index.read_part(&mut scan, 0)?;
        }
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
        match self.facts.clock().reorders {
            true => self.read_around(source, points_ms)?,
            false => self.read_fronts(source, points_ms)?,
        }
        self.known = self.known_samples()?;
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
        if self.parts.len() == self.marks.len() && self.fronts.is_empty() {
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

    fn known_samples(&self) -> Result<KnownSamples, IndexError> {
        let (marks, clock) = (self.marks.len(), self.facts.clock());
        KnownSamples::with_fronts(&self.parts, &self.fronts, marks, clock)
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
            self.known = self.known_samples()?;
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

    /// The parts around these times. Several at once where waiting takes longer than reading.
    fn read_around(
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
        let readers = readers(source);
        let most = self.limits.samples.shared(readers);
        let read = read_shares(readers, &wanted, |share| {
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
        let mut scan = self.scan(source);
        let (mut parts, mut left) = (Vec::new(), most);
        for &part in share {
            scan.reader.expect_row(self.row_end(part));
            let read = self.part(&mut scan, part, &mut [], left, &mut |_| false)?;
            left = left.beside(read.samples.len());
            parts.push((part, read.samples));
        }
        Ok(parts)
    }

    fn scan<'a>(&self, source: &'a dyn RangeSource) -> SegmentScan<'a> {
        let reader = ElementReader::new(source, self.limits.bytes);
        let mut scan = SegmentScan::within(reader, self.segment, self.end);
        scan.wanted = self.facts.video().number;
        scan
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
        scan.reader.expect_row(self.row_end(part));
        let most = self.limits.samples;
        let read = self.part(scan, part, endings, most, &mut |_| false)?;
        if part + 1 == self.marks.len() {
            let end = read.end;
            self.end_pts = end.ok_or(IndexError::Unsupported("its last frame has no duration"))?;
        }
        self.parts.insert(part, read.samples);
        self.check_count()
    }

    /// The samples of a part, or of its beginning as soon as `is_enough` says so.
    fn part(
        &self,
        scan: &mut SegmentScan<'_>,
        part: usize,
        endings: &mut [SoundEnd],
        most: SampleLimit,
        is_enough: &mut dyn FnMut(&[CodedSample]) -> bool,
    ) -> Result<PartRead, IndexError> {
        // No part needs more than an index may; all together are the file at most.
        scan.reader.allow(self.limits.bytes);
        let CuePoint { time, at } = self.marks[part];
        scan.jump(at, self.end_of(part));
        let mut samples = self.facts.samples(most);
        let is_whole = self
            .facts
            .collect_until(scan, &mut samples, endings, is_enough)?;
        let (samples, end) = samples.stored();
        let is_marked = |sample: &CodedSample| sample.sync && sample.pts == time;
        let is_true = part == 0 || samples.iter().any(is_marked);
        if is_whole && !scan.has_arrived() || !is_true {
            return Err(UNTRUE);
        }
        Ok(PartRead {
            samples,
            end,
            is_whole,
        })
    }

    /// Up to where all of a part is read at once, rather than the headers of its blocks one by one: where
    /// these are near each other, and at the beginning, of which the first samples are decoded. 0 where
    /// they are not.
    fn row_end(&self, part: usize) -> u64 {
        let (from, end) = (self.marks[part].at, self.end_of(part));
        if part == 0 && self.keeps_bytes > 0 {
            return end.min(from + FIRST_ROW_BYTES);
        }
        let is_row = self.is_dense() && end - from <= self.keeps_bytes / 4;
        if is_row { end } else { 0 }
    }

    /// Whether headers are near each other: by the first part.
    fn is_dense(&self) -> bool {
        let blocks = self.parts.get(&0).map_or(0, Vec::len) as u64;
        let bytes = (self.end_of(0) - self.marks[0].at).checked_div(blocks);
        bytes.is_some_and(|bytes| bytes <= self.gap_bytes)
    }

    fn end_of(&self, part: usize) -> u64 {
        self.marks.get(part + 1).map_or(self.end, |next| next.at)
    }

    fn check_count(&self) -> Result<(), IndexError> {
        let count: usize = self.parts.values().map(Vec::len).sum();
        Ok(self.limits.samples.check(count)?)
    }
}
