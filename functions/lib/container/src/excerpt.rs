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
    /// What is needed to decode these samples of a track of so many frames per second as if all of it
    /// were known. None where the track is not listed whole, is shown in several parts or described in
    /// several ways, or can't be cut.
    #[must_use]
    pub fn of(track: &VideoTrack, targets: &[usize], frame_rate: f64) -> Option<Self> {
        let is_plain = track.edits.is_none() && !track.has_several_descriptions();
        if !is_plain || !track.gaps.is_empty() {
            return None;
        }
        let stretches = stretches(&track.samples, targets)?;
        // All times are counted from the first frame.
        if earliest(&track.samples) != earliest(&track.samples[stretches.first()?.clone()]) {
            return None;
        }
        let written = stretches.into_iter().map(|range| &track.samples[range]);
        Some(Self {
            stretches: written.map(WrittenSamples::of).collect::<Option<_>>()?,
            frame_rate: frame_rate.to_bits(),
            track: VideoTrack {
                samples: Vec::new(),
                ..track.clone()
            },
        })
    }

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

/// When the first of these that are shown is.
fn earliest(samples: &[CodedSample]) -> Option<i64> {
    let shown = samples.iter().filter(|sample| sample.shown);
    shown.map(|sample| sample.pts).min()
}

/// The samples to know for these targets: rising, apart from each other.
fn stretches(samples: &[CodedSample], targets: &[usize]) -> Option<Vec<Range<usize>>> {
    let groups = cut(samples, targets).ok()?;
    let all = samples.iter().enumerate();
    let syncs: Vec<usize> = all
        .filter_map(|(nth, sample)| sample.sync.then_some(nth))
        .collect();
    let after = |sample: usize| {
        let begun = syncs.partition_point(|&sync| sync <= sample);
        let end = syncs.get(begun + SYNCS_AFTER - 1);
        end.copied().unwrap_or(samples.len())
    };
    let before = |sample: usize| {
        let begun = syncs.partition_point(|&sync| sync < sample);
        syncs.get(begun.saturating_sub(SYNCS_BEFORE)).copied()
    };
    let around = groups.iter();
    let around = around.map(|group| Some(before(group.first)?..after(group.last)));
    let mut stretches: Vec<Range<usize>> = Vec::new();
    for stretch in std::iter::once(Some(0..after(0))).chain(around) {
        let stretch = stretch?;
        match stretches.last_mut() {
            Some(last) if stretch.start <= last.end => last.end = last.end.max(stretch.end),
            _ => stretches.push(stretch),
        }
    }
    Some(stretches)
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
