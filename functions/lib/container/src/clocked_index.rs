//! A long file by its clock: only the stretches around the wanted times are read.
//!
//! The clock is looked at in some places all over the file. Where it goes on evenly between them,
//! the place of a time is between those of an earlier and a later one, and is found as in a
//! telephone book. Anything else is [`IndexError::Unsupported`], and all packets have to be read.

use crate::clock::SampleClock;
use crate::error::NO_START;
use crate::known_samples::{KnownSamples, StretchSamples};
use crate::shared_reads::{read_shares, readers};
use crate::{IndexError, IndexLimits, SoundTrack, VideoTrack};
use plan::CodedSample;
use source::RangeSource;
use std::collections::BTreeMap;
use std::fmt::Debug;

const UNEVEN: IndexError = IndexError::Unsupported("its clock is not even");
const UNFOUND: IndexError = IndexError::Unsupported("a time is not where its clock says");
const SHORT: IndexError = IndexError::Unsupported("it is read as a whole sooner");
const NO_KEYFRAME: IndexError = IndexError::Unsupported("its keyframes are far apart");

/// What is this short is read as a whole: on this machine that is a matter of milliseconds.
const SHORT_NEAR_BYTES: u64 = 96 << 20;
const SHORT_FAR_BYTES: u64 = 6 << 20;

/// Places at which the clock is looked at.
const PROBES: u64 = 14;
/// Read at each place at most.
const MOST_PROBE_BYTES: u64 = 1 << 20;
/// Bytes a second between two places may be so many times those of the whole, or as small a part.
const MOST_UNEVEN: f64 = 30.0;

/// Read at first of the beginning and the end, and at most.
const END_BYTES: u64 = 512 << 10;
const MOST_END_BYTES: u64 = 32 << 20;
/// Of a stretch around a time, and what is read further where it is not enough.
const LEAST_STRETCH_BYTES: u64 = 128 << 10;
const MOST_STRETCH_BYTES: u64 = 4 << 20;
/// A wanted time is given up after so many reads.
const MOST_READS: usize = 24;
const MOST_PROBES_FOR_ONE: usize = 6;

/// A place in the file, and the decoding time there, ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ClockMark {
    pub(crate) at: u64,
    pub(crate) dts: i64,
}

/// Units one after the other, none missing.
#[derive(Debug, Clone)]
pub(crate) struct Stretch {
    /// In decoding order; never none.
    pub(crate) samples: Vec<CodedSample>,
    /// What each begins with, where it is held against the times.
    pub(crate) heads: Vec<Vec<u8>>,
    /// Where it begins: nothing of the video lies between here and the first unit.
    pub(crate) from: u64,
    pub(crate) first: ClockMark,
    pub(crate) last: ClockMark,
    /// Where the unit behind the last one begins; none where there is none.
    pub(crate) next: Option<u64>,
}

/// The last stretch, and when all of it ends.
#[derive(Debug)]
pub(crate) struct Ending {
    pub(crate) stretch: Stretch,
    /// Of the pictures, ticks.
    pub(crate) end_pts: i64,
    pub(crate) sounds: Vec<SoundTrack>,
}

/// What is known of a stream whose units have times, and grows with what is read. Places are those of
/// bytes in the file.
pub(crate) trait ClockedStream: Debug + Clone + Sync {
    /// Read at first to learn the time of a place.
    const PROBE_BYTES: u64;
    /// So near a time that is known the place of another one is told well.
    const NEAR_SECONDS: i64;

    /// Where its first unit begins at the earliest, and its last one ends.
    fn ends(&self) -> (u64, u64);

    /// How much of the unit behind a stretch has to be read to know that the stretch is whole.
    fn lookahead(&self) -> u64;

    /// The units that lie whole between two places, at a time near `near`; without one it is the
    /// beginning. None where there is not even one.
    ///
    /// # Errors
    /// They are not as the beginning tells.
    fn stretch(
        &mut self,
        source: &dyn RangeSource,
        places: (u64, u64),
        near: Option<i64>,
    ) -> Result<Option<Stretch>, IndexError>;

    /// The same from a place to the end; none where there is no keyframe.
    ///
    /// # Errors
    /// They are not as the beginning tells, or when a sound ends is not told.
    fn ending(
        &mut self,
        source: &dyn RangeSource,
        from: u64,
        near: Option<i64>,
    ) -> Result<Option<Ending>, IndexError>;

    /// Where the first unit begins between two places, and its time as it is written.
    ///
    /// # Errors
    /// It is not as the beginning tells.
    fn mark(
        &self,
        source: &dyn RangeSource,
        places: (u64, u64),
    ) -> Result<Option<(u64, u64)>, IndexError>;

    /// The time, as it is written, that is nearest to `near`, and the first one at `time` or after it:
    /// clocks of few bits begin anew.
    /// This is for those that don't.
    fn nearest(ticks: u64, _near: i64) -> i64 {
        i64::try_from(ticks).unwrap_or(i64::MAX)
    }

    /// See [`Self::nearest`].
    fn first_after(ticks: u64, _time: i64) -> i64 {
        i64::try_from(ticks).unwrap_or(i64::MAX)
    }

    /// That the times of a stretch are those of its pictures, as far as their headers tell.
    ///
    /// # Errors
    /// They are not.
    fn check_order(&self, stretch: &Stretch) -> Result<(), IndexError>;

    /// Without samples.
    ///
    /// # Errors
    /// What the decoder is told first is not known.
    fn track(&self) -> Result<VideoTrack, IndexError>;
}

/// All bytes between two places, or to the end.
pub(crate) fn read_between(
    source: &dyn RangeSource,
    (from, to): (u64, u64),
) -> Result<Vec<u8>, IndexError> {
    let length = to.min(source.bytes()).saturating_sub(from);
    let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
    source.read_at(from, &mut bytes)?;
    Ok(bytes)
}

/// That a file is long enough to be read in stretches.
pub(crate) fn check_length(
    source: &dyn RangeSource,
    limits: IndexLimits,
) -> Result<(), IndexError> {
    let short = match source.path() {
        Some(_) => SHORT_NEAR_BYTES.min(limits.bytes),
        None => SHORT_FAR_BYTES,
    };
    (source.bytes() > short).then_some(()).ok_or(SHORT)
}

/// As [`crate::SparseIndex`].
#[derive(Debug, Clone)]
pub(crate) struct ClockedIndex<S> {
    stream: S,
    /// Without samples.
    track: VideoTrack,
    /// By where they begin; none of them touch.
    stretches: BTreeMap<u64, Stretch>,
    /// All times that are known, by their places.
    marks: Vec<ClockMark>,
    known: KnownSamples,
    /// From one keyframe to the next, as far as is known, ticks.
    group_ticks: i64,
    end_pts: i64,
    sounds: Vec<SoundTrack>,
    limits: IndexLimits,
}

impl<S: ClockedStream> ClockedIndex<S> {
    pub(crate) fn new(
        mut stream: S,
        source: &dyn RangeSource,
        limits: IndexLimits,
    ) -> Result<Self, IndexError> {
        let start = read_start(&mut stream, source)?;
        let mut index = Self {
            track: stream.track()?,
            stream,
            stretches: BTreeMap::new(),
            marks: Vec::new(),
            known: KnownSamples::default(),
            group_ticks: start.group_ticks(),
            end_pts: 0,
            sounds: Vec::new(),
            limits,
        };
        index.add(start)?;
        index.look_at_clock(source)?;
        index.read_end(source)?;
        index.check_clock()?;
        index.sort_out()?;
        Ok(index)
    }

    /// See [`crate::SparseIndex::focus`].
    pub(crate) fn focus(
        &mut self,
        source: &dyn RangeSource,
        points_ms: &[u64],
    ) -> Result<(), IndexError> {
        let mut next = self.clone();
        let base = self.track.time_base;
        let ticks = |at_ms: u64| {
            let ticks = u128::from(at_ms) * u128::from(base.den) / (u128::from(base.num) * 1000);
            i64::try_from(ticks).unwrap_or(i64::MAX)
        };
        let origin = self.known.origin();
        let wanted = points_ms.iter().map(|&at| {
            let wanted = origin.saturating_add(ticks(at));
            // The last span goes on to what is later still.
            wanted.min(i64::MAX - 1)
        });
        let wanted: Vec<i64> = wanted.collect();
        for &time in &wanted {
            next.find(source, time)?;
        }
        next.sort_out()?;
        let is_known = wanted.iter().all(|&time| next.known.knows(time));
        *self = is_known.then_some(next).ok_or(UNFOUND)?;
        Ok(())
    }

    pub(crate) fn track(&self) -> VideoTrack {
        VideoTrack {
            samples: self.known.samples.clone(),
            gaps: self.known.gaps.clone(),
            end_pts: self.end_pts,
            sounds: self.sounds.clone(),
            ..self.track.clone()
        }
    }

    pub(crate) fn frame_rate(&self) -> Option<f64> {
        let (frames, ticks) = self.known.count();
        let base = self.track.time_base;
        let seconds = ticks as f64 * f64::from(base.num) / f64::from(base.den);
        let seconds = seconds.max(f64::MIN_POSITIVE);
        (self.stretches.len() > 1).then_some(frames as f64 / seconds)
    }

    /// A second, ticks.
    fn second(&self) -> i64 {
        let base = self.track.time_base;
        i64::from(base.den / base.num.max(1)).max(1)
    }

    /// From the last keyframe on, and when each sound ends.
    fn read_end(&mut self, source: &dyn RangeSource) -> Result<(), IndexError> {
        let (_, end) = self.stream.ends();
        let near = self.marks.last().map(|mark| mark.dts);
        let mut bytes = END_BYTES;
        loop {
            let mut stream = self.stream.clone();
            let from = end.saturating_sub(bytes);
            if let Some(ending) = stream.ending(source, from, near)? {
                self.stream = stream;
                self.end_pts = ending.end_pts;
                self.sounds = ending.sounds;
                return self.add(ending.stretch);
            }
            bytes *= 4;
            if bytes > MOST_END_BYTES || bytes > end {
                return Err(NO_KEYFRAME);
            }
        }
    }

    /// In places all over the file, spread evenly.
    fn look_at_clock(&mut self, source: &dyn RangeSource) -> Result<(), IndexError> {
        let (first, end) = self.stream.ends();
        let step = (end - first) / (PROBES + 1);
        let places: Vec<u64> = (1..=PROBES).map(|nth| first + nth * step).collect();
        let stream = &self.stream;
        let found = read_shares(readers(source), &places, |places: &[u64]| {
            let marks = places.iter().map(|&at| probe(stream, source, at));
            marks.collect()
        })?;
        let mut last = self.marks.last().copied().ok_or(NO_START)?;
        for (at, ticks) in found {
            // Of a start that is long some lie within it.
            if at <= last.at {
                continue;
            }
            let dts = S::first_after(ticks, last.dts);
            last = ClockMark { at, dts };
            self.marks.push(last);
        }
        self.check_clock()
    }

    /// That it goes on evenly from place to place.
    fn check_clock(&self) -> Result<(), IndexError> {
        let (Some(first), Some(last)) = (self.marks.first(), self.marks.last()) else {
            return Err(UNEVEN);
        };
        let rate = |one: &ClockMark, other: &ClockMark| {
            let ticks = other.dts.saturating_sub(one.dts);
            let bytes = other.at.saturating_sub(one.at);
            (ticks > 0).then(|| bytes as f64 / ticks as f64)
        };
        let whole = rate(first, last).ok_or(UNEVEN)?;
        let mut before = first;
        for mark in &self.marks[1..] {
            let rate = rate(before, mark).ok_or(UNEVEN)?;
            // Single pictures are of any size.
            let is_far = mark.dts - before.dts > self.group_ticks.max(self.second());
            let is_even = (1.0 / MOST_UNEVEN..=MOST_UNEVEN).contains(&(rate / whole));
            if is_far && !is_even {
                return Err(UNEVEN);
            }
            before = mark;
        }
        Ok(())
    }

    /// Puts a stretch beside those that are known, and together with those it touches.
    fn add(&mut self, stretch: Stretch) -> Result<(), IndexError> {
        self.marks.extend([stretch.first, stretch.last]);
        self.marks.sort_unstable();
        self.marks.dedup();
        let mut joined = stretch;
        // Behind one that reaches the end there is none.
        let touches =
            |one: &Stretch, next: &Stretch| one.next.is_none_or(|behind| next.from <= behind);
        let before = self.stretches.range(..=joined.from).next_back();
        if let Some(before) = before.map(|(_, before)| before.clone())
            && touches(&before, &joined)
        {
            self.stretches.remove(&before.from);
            joined = before.joined(joined);
        }
        while let Some((&at, _)) = self.stretches.range(joined.from..).next() {
            let is_near = self
                .stretches
                .get(&at)
                .is_some_and(|next| touches(&joined, next));
            let Some(next) = self.stretches.remove(&at) else {
                break;
            };
            if !is_near {
                self.stretches.insert(at, next);
                break;
            }
            joined = joined.joined(next);
        }
        self.stretches.insert(joined.from, joined);
        let count = self.stretches.values().map(|s| s.samples.len()).sum();
        Ok(self.limits.samples.check(count)?)
    }

    /// What is known by the stretches.
    fn sort_out(&mut self) -> Result<(), IndexError> {
        let mut parts = StretchSamples::new();
        let mut count = 0;
        for stretch in self.stretches.values() {
            // A part that is not known lies between any two.
            parts.insert(count, stretch.samples.clone());
            count += 2;
        }
        let reaches_end = self
            .stretches
            .values()
            .last()
            .is_some_and(|s| s.next.is_none());
        let marks = if reaches_end { count - 1 } else { count };
        let clock = SampleClock::new(self.track.codec, self.track.time_base);
        for stretch in self.stretches.values() {
            self.stream.check_order(stretch)?;
            let mut times: Vec<i64> = stretch.samples.iter().map(|sample| sample.pts).collect();
            times.sort_unstable();
            if times.windows(2).any(|pair| pair[0] == pair[1]) {
                return Err(UNEVEN);
            }
        }
        self.known = KnownSamples::new(&parts, marks, clock)?;
        Ok(())
    }

    /// Reads around a time until the frame shown then, and the keyframes beside it, are known.
    fn find(&mut self, source: &dyn RangeSource, wanted: i64) -> Result<(), IndexError> {
        let mut probes = 0;
        for _ in 0..MOST_READS {
            if self.holds(wanted) {
                return Ok(());
            }
            if self.is_far(wanted) && probes < MOST_PROBES_FOR_ONE {
                probes += 1;
                let at = self.place(wanted);
                let (at, ticks) = probe(&self.stream, source, at)?;
                let dts = S::nearest(ticks, self.time_at(at));
                self.marks.push(ClockMark { at, dts });
                self.marks.sort_unstable();
                self.marks.dedup();
                self.check_clock()?;
                continue;
            }
            let read = self.next_read(wanted);
            let near = Some(self.time_at(read.0));
            let mut stream = self.stream.clone();
            let Some(stretch) = stream.stretch(source, read, near)? else {
                return Err(UNFOUND);
            };
            self.stream = stream;
            self.add(stretch)?;
            self.check_clock()?;
        }
        Err(UNFOUND)
    }

    /// Whether a stretch has keyframes shown at or before this time, and after it.
    fn holds(&self, wanted: i64) -> bool {
        self.stretches.values().any(|stretch| {
            let mut syncs = stretch.samples.iter().filter(|sample| sample.sync);
            let is_before = syncs.next().is_some_and(|sync| sync.pts <= wanted);
            let is_after = syncs.next_back().is_some_and(|sync| sync.pts > wanted);
            is_before && (is_after || stretch.next.is_none())
        })
    }

    fn is_far(&self, wanted: i64) -> bool {
        let near = self.marks.iter().map(|mark| (mark.dts - wanted).abs());
        near.min()
            .is_none_or(|ticks| ticks > (S::NEAR_SECONDS * self.second()).max(2 * self.group_ticks))
    }

    /// The marks around a time.
    fn around(&self, dts: i64) -> (ClockMark, ClockMark) {
        let after = self.marks.partition_point(|mark| mark.dts <= dts);
        let after = after.clamp(1, self.marks.len().saturating_sub(1).max(1));
        let mark = |nth: usize| self.marks.get(nth).or(self.marks.last()).copied();
        let none = ClockMark { at: 0, dts: 0 };
        (mark(after - 1).unwrap_or(none), mark(after).unwrap_or(none))
    }

    /// About where a time is.
    fn place(&self, dts: i64) -> u64 {
        let (one, other) = self.around(dts);
        let ticks = (other.dts - one.dts).max(1) as f64;
        let part = ((dts - one.dts) as f64 / ticks).clamp(0.0, 1.0);
        // Between two places of a file.
        one.at + (part * other.at.saturating_sub(one.at) as f64) as u64
    }

    /// About when a place is.
    fn time_at(&self, at: u64) -> i64 {
        let after = self.marks.partition_point(|mark| mark.at <= at);
        let one = self.marks.get(after.saturating_sub(1));
        let other = self.marks.get(after).or(one);
        match (one, other) {
            (Some(one), Some(other)) if other.at > one.at => {
                let part = at.saturating_sub(one.at) as f64 / (other.at - one.at) as f64;
                one.dts + (part * (other.dts - one.dts) as f64) as i64
            }
            (Some(one), _) => one.dts,
            _ => 0,
        }
    }

    /// Around a time; where a stretch is there already, what is missing before it or behind it.
    fn next_read(&self, wanted: i64) -> (u64, u64) {
        let beside = self.stretches.values().find(|stretch| {
            let group = self.group_ticks;
            (stretch.first.dts - group..=stretch.last.dts + group).contains(&wanted)
                && stretch.next.is_some()
        });
        let lookahead = self.stream.lookahead();
        if let Some(stretch) = beside {
            let mut syncs = stretch.samples.iter().filter(|sample| sample.sync);
            let is_before = syncs.next().is_some_and(|sync| sync.pts <= wanted);
            let begin = stretch.from;
            let behind = stretch.next.unwrap_or(begin);
            let group = self
                .place(wanted + self.group_ticks)
                .saturating_sub(self.place(wanted));
            // Later groups may be longer than the first.
            let more = group.max((behind - begin) / 2);
            let more = more.clamp(LEAST_STRETCH_BYTES, MOST_STRETCH_BYTES);
            return match is_before {
                // With the beginning of the first unit, which ends the one before it.
                false => {
                    let from = self.behind_known(begin.saturating_sub(more));
                    (from.min(begin), begin + lookahead)
                }
                true => (behind, self.before_known(behind, behind + more)),
            };
        }
        let (one, other) = self.around(wanted);
        let near = (wanted - one.dts).min(other.dts - wanted).max(0);
        let margin = self.second() / 2 + near / 8;
        let from = self.place(wanted - self.group_ticks - margin);
        let to = self.place(wanted + self.group_ticks + margin);
        let from = self.behind_known(from);
        let least = (from + LEAST_STRETCH_BYTES).max(to);
        let to = least.min(from + MOST_STRETCH_BYTES);
        (from, self.before_known(from, to))
    }

    /// Where a read that would begin at `from` has to begin to find what is not known.
    fn behind_known(&self, from: u64) -> u64 {
        let before = self.stretches.range(..=from).next_back();
        let behind = before.and_then(|(_, stretch)| stretch.next);
        behind.map_or(from, |behind| behind.max(from))
    }

    /// Where a read from `from` to `to` may end: with the beginning of what is known.
    fn before_known(&self, from: u64, to: u64) -> u64 {
        let next = self.stretches.range(from + 1..).next();
        next.map_or(to, |(&begin, _)| to.min(begin + self.stream.lookahead()))
    }
}

/// Up to the second keyframe at least.
fn read_start<S: ClockedStream>(
    stream: &mut S,
    source: &dyn RangeSource,
) -> Result<Stretch, IndexError> {
    let (from, _) = stream.ends();
    let mut bytes = END_BYTES;
    while bytes <= MOST_END_BYTES {
        let mut read = stream.clone();
        let stretch = read.stretch(source, (from, from + bytes), None)?;
        let stretch = stretch.ok_or(NO_START)?;
        if stretch.group_ticks() > 0 {
            *stream = read;
            return Ok(stretch);
        }
        bytes *= 4;
    }
    Err(NO_KEYFRAME)
}

impl Stretch {
    /// From its first keyframe to the next; 0 where there is none.
    fn group_ticks(&self) -> i64 {
        let mut syncs = self.samples.iter().filter(|sample| sample.sync);
        let pair = syncs.next().zip(syncs.next());
        pair.map_or(0, |(first, second)| second.pts.saturating_sub(first.pts))
    }

    pub(crate) fn has_keyframe(&self) -> bool {
        self.samples.iter().any(|sample| sample.sync)
    }

    /// With `next`, which it touches or overlaps.
    fn joined(mut self, next: Self) -> Self {
        let end = self.samples.last().map_or(0, |last| last.offset);
        let known = next.samples.partition_point(|sample| sample.offset <= end);
        self.samples.extend(next.samples.into_iter().skip(known));
        self.heads.extend(next.heads.into_iter().skip(known));
        if next.last.at > self.last.at {
            self.last = next.last;
            self.next = next.next;
        }
        self
    }
}

/// The clock at the first unit that begins at `at` or soon after it.
fn probe<S: ClockedStream>(
    stream: &S,
    source: &dyn RangeSource,
    at: u64,
) -> Result<(u64, u64), IndexError> {
    let mut bytes = S::PROBE_BYTES;
    loop {
        if let Some(mark) = stream.mark(source, (at, at.saturating_add(bytes)))? {
            return Ok(mark);
        }
        bytes *= 4;
        if bytes > MOST_PROBE_BYTES {
            return Err(UNEVEN);
        }
    }
}
