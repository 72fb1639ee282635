//! Whether a container's times contradict the order in which the decoder gives the pictures.

use crate::shared_reads::{read_shares, readers};
use crate::starts::head;
use crate::{IndexError, VideoTrack};
use bitstream::order::{OrderRow, OutputOrderReader, Reordering};
use plan::CodedSample;
use source::{RangeSource, ReadError};

/// All that is read for it, bytes.
const MOST_BYTES: usize = 64 << 10;
/// Samples looked at: a few groups of those that are shown in another order than decoded.
const MOST_SAMPLES: usize = 32;
/// Fewer tell too little.
const FEW_SAMPLES: usize = 4;
/// Of these before the one in doubt, if they are of its group.
const SAMPLES_BEFORE: usize = 8;
/// Encoders have at most so many pictures between two that are decoded before them.
const MOST_BETWEEN: usize = 16;
/// Of a sample that is read by itself: what comes before its first slice is rarely longer.
const HEAD_BYTES: usize = 2048;

/// Where times have to be held against headers, by sample: the container shows all samples as they
/// are decoded, and the coded video may do otherwise, or it has some in places that are unusual. Where it
/// has an order of its own, the samples that are decoded are held against it as they are fed, but by these
/// alone the verdict would depend on what is asked for.
#[must_use]
pub fn order_doubts(track: &VideoTrack) -> Vec<usize> {
    let tells_order = || {
        OutputOrderReader::new(track.codec, &track.entry)
            .is_some_and(|reader| reader.reordering() == Reordering::Possible)
    };
    let samples = &track.samples;
    if !track.codec.reorders() || samples.len() < FEW_SAMPLES || !tells_order() {
        return Vec::new();
    }
    if samples.is_sorted_by_key(|sample| sample.pts) {
        return vec![0];
    }
    unusual_places(samples)
}

/// The first sample that is shown at nearly the time of another, as where two got the times of each
/// other, and the first that many are shown before and decoded after.
fn unusual_places(samples: &[CodedSample]) -> Vec<usize> {
    let mut shown: Vec<(i64, usize)> = (0..)
        .zip(samples)
        .map(|(nth, sample)| (sample.pts, nth))
        .collect();
    shown.sort_unstable();
    let step = |pair: &[(i64, usize)]| pair[1].0.saturating_sub(pair[0].0);
    let mut steps: Vec<i64> = shown.windows(2).map(step).collect();
    let middle = steps.len() / 2;
    let usual = *steps.select_nth_unstable(middle).1;
    let is_near = |pair: &&[(i64, usize)]| step(pair).saturating_mul(2) < usual;
    let near = shown.windows(2).filter(is_near);
    let near = near.map(|pair| pair[0].1.min(pair[1].1)).min();
    let is_late = |(place, (_, nth)): &(usize, &(i64, usize))| *place > nth + MOST_BETWEEN;
    let late = shown.iter().enumerate().filter(is_late);
    let late = late.map(|(_, &(_, nth))| nth).min();
    near.into_iter().chain(late).collect()
}

/// Whether the times of the samples around one of `doubts` contradict their headers. Reads at most
/// 64 KiB, mostly at once.
///
/// # Errors
/// The file could not be read.
pub fn contradicts_order(
    source: &dyn RangeSource,
    track: &VideoTrack,
    doubts: &[usize],
) -> Result<bool, ReadError> {
    for &doubt in doubts {
        let around = Window::around(track, doubt, doubts.len());
        if around.contradicts(source, track)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Samples that follow each other.
struct Window<'a> {
    first: usize,
    samples: &'a [CodedSample],
    /// Fewer of them tell too little.
    least: usize,
    bytes: usize,
}

impl<'a> Window<'a> {
    /// One of so many.
    fn around(track: &'a VideoTrack, sample: usize, windows: usize) -> Self {
        let samples = &track.samples;
        let key = samples
            .iter()
            .take(sample + 1)
            .rposition(|sample| sample.sync);
        let first = key.unwrap_or(0).max(sample.saturating_sub(SAMPLES_BEFORE));
        let goes_on = |&sample: &usize| {
            !track.lacks_samples(first, sample) && !track.changes_description(first, sample)
        };
        let most = samples.len().min(first + MOST_SAMPLES);
        let count = (first..most).take_while(goes_on).count();
        Self {
            first,
            samples: &samples[first..first + count],
            least: sample - first + FEW_SAMPLES,
            bytes: MOST_BYTES / windows.max(1),
        }
    }

    fn contradicts(&self, source: &dyn RangeSource, track: &VideoTrack) -> Result<bool, ReadError> {
        let entry = track.entry_at(self.first);
        let mut row = OrderRow::new(OutputOrderReader::new(track.codec, entry));
        let heads = self.heads(source)?;
        for (sample, head) in self.samples.iter().zip(heads) {
            row.take(sample.pts, &track.unpacked(head));
        }
        Ok(!row.holds())
    }

    /// The beginnings of as many samples as may be read.
    fn heads(&self, source: &dyn RangeSource) -> Result<Vec<Vec<u8>>, ReadError> {
        let Some(first) = self.samples.first() else {
            return Ok(Vec::new());
        };
        let left = source.bytes().saturating_sub(first.offset);
        let mut near = vec![0; self.bytes.min(usize::try_from(left).unwrap_or(self.bytes))];
        let enough = |sample: &&CodedSample| within(near.len(), first, sample).is_some();
        let count = self.samples.iter().take_while(enough).count();
        if count < self.least {
            return self.far_heads(source);
        }
        source.read_at(first.offset, &mut near)?;
        let found = self.samples[..count].iter();
        let place = |sample| near.get(within(near.len(), first, sample)?);
        Ok(found.filter_map(place).map(<[u8]>::to_vec).collect())
    }

    /// Each by a read of its own; several at once where waiting takes longer than reading.
    fn far_heads(&self, source: &dyn RangeSource) -> Result<Vec<Vec<u8>>, ReadError> {
        let count = self.samples.len().min(self.bytes / HEAD_BYTES);
        let read = |sample: &CodedSample| Ok(head(source, sample, HEAD_BYTES)?);
        let heads = read_shares(readers(source), &self.samples[..count], |share| {
            share.iter().map(read).collect()
        });
        match heads {
            Err(IndexError::Read(error)) => Err(error),
            // Without them nothing contradicts.
            heads => Ok(heads.unwrap_or_default()),
        }
    }
}

/// Where in what is read from `first` on a sample is, or enough of it.
fn within(
    bytes: usize,
    first: &CodedSample,
    sample: &CodedSample,
) -> Option<std::ops::Range<usize>> {
    let from = usize::try_from(sample.offset.checked_sub(first.offset)?).ok()?;
    let size = sample.size as usize;
    let end = from.checked_add(size)?.min(bytes);
    (from < end && end - from >= size.min(HEAD_BYTES)).then_some(from..end)
}
