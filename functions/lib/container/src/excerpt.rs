//! What one of several readers of a video has to know of its index.

use crate::VideoTrack;
use plan::CodedSample;
use plan::cut::cut;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Sync samples before those that targets are decoded from: a leading picture of the first is decoded
/// from the one before, and who looks for what damaged it goes back one more.
const SYNCS_BEFORE: usize = 2;
/// Sync samples that are known after the last target: what follows it may tell of damage.
const SYNCS_AFTER: usize = 2;

/// The samples of a track around some of them, for readers that take no others: in place of an index that
/// each of them would read whole. Written as JSON it takes about 16 bytes for each sample.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TrackExcerpt {
    /// Without samples.
    track: VideoTrack,
    /// The bits of the rate of the whole track, frames per second: JSON may round it.
    frame_rate: u64,
    /// In decoding order; the first begins with the track.
    stretches: Vec<WrittenSamples>,
}

impl TrackExcerpt {
    /// The track with gaps; none where this was not written as it is.
    #[must_use]
    pub fn track(&self) -> Option<VideoTrack> {
        let mut track = self.track.clone();
        for stretch in &self.stretches {
            if !track.samples.is_empty() {
                track.gaps.push(track.samples.len());
            }
            stretch.read_to(&mut track.samples)?;
        }
        Some(track)
    }

    /// Frames per second of the whole track, on average.
    #[must_use]
    pub fn frame_rate(&self) -> f64 {
        f64::from_bits(self.frame_rate)
    }
}

/// A track that excerpts are made of.
#[derive(Debug)]
pub struct ExcerptSource<'a> {
    samples: &'a [CodedSample],
    /// Without samples.
    track: VideoTrack,
    frame_rate: f64,
    /// Its sync samples, rising.
    syncs: Vec<usize>,
    /// When the first frame is shown, ticks.
    origin: Option<i64>,
}

impl<'a> ExcerptSource<'a> {
    /// A track of so many frames per second. None where it is not listed whole, is shown in several parts
    /// or described in several ways.
    #[must_use]
    pub fn of(track: &'a VideoTrack, frame_rate: f64) -> Option<Self> {
        let is_plain = track.edits.is_none() && !track.has_several_descriptions();
        let all = track.samples.iter().enumerate();
        let syncs = all.filter_map(|(nth, sample)| sample.sync.then_some(nth));
        (is_plain && track.gaps.is_empty()).then(|| Self {
            samples: &track.samples,
            track: VideoTrack {
                samples: Vec::new(),
                ..track.clone()
            },
            frame_rate,
            syncs: syncs.collect(),
            origin: origin(&track.samples),
        })
    }

    /// What is needed to decode these samples as if all of the track were known. None where they
    /// can't be cut.
    #[must_use]
    pub fn around(&self, targets: &[usize]) -> Option<TrackExcerpt> {
        let stretches = self.stretches(targets)?;
        // All times are counted from the first frame.
        if self.origin != origin(&self.samples[stretches.first()?.clone()]) {
            return None;
        }
        let written = stretches.into_iter().map(|range| &self.samples[range]);
        Some(TrackExcerpt {
            stretches: written.map(WrittenSamples::of).collect::<Option<_>>()?,
            frame_rate: self.frame_rate.to_bits(),
            track: self.track.clone(),
        })
    }

    /// The samples to know for these targets: rising, apart from each other.
    fn stretches(&self, targets: &[usize]) -> Option<Vec<Range<usize>>> {
        let groups = self.groups(targets)?.into_iter();
        let around = groups.map(|(first, last)| Some(self.before(first)?..self.after(last)));
        let mut stretches: Vec<Range<usize>> = Vec::new();
        for stretch in std::iter::once(Some(0..self.after(0))).chain(around) {
            let stretch = stretch?;
            match stretches.last_mut() {
                Some(last) if stretch.start <= last.end => last.end = last.end.max(stretch.end),
                _ => stretches.push(stretch),
            }
        }
        Some(stretches)
    }

    /// The first and the last sample of each group that is decoded for these targets. What lies far before
    /// them is looked at only where that tells too little: there are many parts, and each has some targets.
    fn groups(&self, targets: &[usize]) -> Option<Vec<(usize, usize)>> {
        let first = *targets.iter().min()?;
        let near = self.before(first).filter(|&near| near <= first)?;
        let groups = |from: usize| {
            let targets: Vec<usize> = targets.iter().map(|target| target - from).collect();
            let groups = cut(&self.samples[from..], &targets).ok()?.into_iter();
            Some(
                groups
                    .map(|group| (group.first + from, group.last + from))
                    .collect(),
            )
        };
        groups(near).or_else(|| groups(0))
    }

    fn before(&self, sample: usize) -> Option<usize> {
        let begun = self.syncs.partition_point(|&sync| sync < sample);
        self.syncs.get(begun.saturating_sub(SYNCS_BEFORE)).copied()
    }

    fn after(&self, sample: usize) -> usize {
        let begun = self.syncs.partition_point(|&sync| sync <= sample);
        let end = self.syncs.get(begun + SYNCS_AFTER - 1);
        end.copied().unwrap_or(self.samples.len())
    }
}

/// When the first of these that are shown is.
fn origin(samples: &[CodedSample]) -> Option<i64> {
    let shown = samples.iter().filter(|sample| sample.shown);
    shown.map(|sample| sample.pts).min()
}

/// Samples one after the other, each by what tells it from the one before.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct WrittenSamples(Vec<WrittenSample>);

/// Bytes from the end of the one before to its beginning, its bytes, ticks since the one before, and
/// what it is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct WrittenSample(i64, u32, i64, u8);

/// What a sample is, as bits.
const SYNC: u8 = 1;
const SHOWN: u8 = 2;
const ENCRYPTED: u8 = 4;

impl WrittenSamples {
    fn of(samples: &[CodedSample]) -> Option<Self> {
        let (mut end, mut before) = (0_u64, 0_i64);
        let written = samples.iter().map(|sample| {
            let gap = i64::try_from(i128::from(sample.offset) - i128::from(end)).ok()?;
            let step = sample.pts.checked_sub(before)?;
            end = sample.offset.checked_add(u64::from(sample.size))?;
            before = sample.pts;
            let bit = |is: bool, bit: u8| if is { bit } else { 0 };
            let kind = bit(sample.sync, SYNC)
                | bit(sample.shown, SHOWN)
                | bit(sample.encrypted, ENCRYPTED);
            Some(WrittenSample(gap, sample.size, step, kind))
        });
        Some(Self(written.collect::<Option<_>>()?))
    }

    fn read_to(&self, samples: &mut Vec<CodedSample>) -> Option<()> {
        let (mut end, mut before) = (0_u64, 0_i64);
        for &WrittenSample(gap, size, step, kind) in &self.0 {
            let offset = end.checked_add_signed(gap)?;
            let pts = before.checked_add(step)?;
            (end, before) = (offset.checked_add(u64::from(size))?, pts);
            samples.push(CodedSample {
                offset,
                size,
                pts,
                sync: kind & SYNC != 0,
                shown: kind & SHOWN != 0,
                encrypted: kind & ENCRYPTED != 0,
            });
        }
        Some(())
    }
}

#[cfg(test)]
mod tests;
