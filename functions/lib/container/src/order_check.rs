//! Whether a container's times contradict the order in which the decoder gives the pictures.

use crate::VideoTrack;
use crate::bitstream::order::{OutputOrderReader, Reordering, agrees};
use plan::CodedSample;
use source::{RangeSource, ReadError};

/// All that is read for it, bytes.
const MOST_BYTES: usize = 64 << 10;
/// Samples looked at: a few groups of those that are shown in another order than decoded.
const MOST_SAMPLES: usize = 32;
/// Fewer tell too little.
const FEW_SAMPLES: usize = 4;
/// Of a sample that is read by itself: what comes before its first slice is rarely longer.
const HEAD_BYTES: usize = 2048;

/// Whether it has to be looked at: the container shows all samples as they are decoded, and the
/// coded video may do otherwise. Where the container has an order of its own, the samples that
/// are decoded are held against it as they are fed.
#[must_use]
pub fn is_order_in_doubt(track: &VideoTrack) -> bool {
    track.codec.reorders()
        && track.samples.len() >= FEW_SAMPLES
        && track.samples.is_sorted_by_key(|sample| sample.pts)
        && OutputOrderReader::new(track.codec, &track.entry)
            .is_some_and(|reader| reader.reordering() == Reordering::Possible)
}

/// Whether the times of the first samples contradict their headers. Reads at most 64 KiB, mostly
/// at once.
///
/// # Errors
/// The file could not be read.
pub fn contradicts_order(source: &dyn RangeSource, track: &VideoTrack) -> Result<bool, ReadError> {
    let Some(mut reader) = OutputOrderReader::new(track.codec, &track.entry) else {
        return Ok(false);
    };
    let most = track.samples.len().min(MOST_SAMPLES);
    let goes_on =
        |&sample: &usize| !track.lacks_samples(0, sample) && !track.changes_description(0, sample);
    let samples = &track.samples[..(0..most).take_while(goes_on).count()];
    let heads = heads(source, samples)?;
    let orders = samples.iter().zip(heads).map_while(|(sample, head)| {
        let order = reader.next(&track.unpacked(head))?;
        Some((sample.pts, order))
    });
    Ok(!agrees(&orders.collect::<Vec<_>>()))
}

/// The beginnings of as many samples as may be read.
fn heads(source: &dyn RangeSource, samples: &[CodedSample]) -> Result<Vec<Vec<u8>>, ReadError> {
    let Some(first) = samples.first() else {
        return Ok(Vec::new());
    };
    let left = source.bytes().saturating_sub(first.offset);
    let mut near = vec![0; MOST_BYTES.min(usize::try_from(left).unwrap_or(MOST_BYTES))];
    let near_samples: Vec<&[u8]> = {
        let enough = |sample: &&CodedSample| within(near.len(), first, sample).is_some();
        let count = samples.iter().take_while(enough).count();
        if count < FEW_SAMPLES {
            return samples
                .iter()
                .take(MOST_BYTES / HEAD_BYTES)
                .map(|sample| head(source, sample))
                .collect();
        }
        source.read_at(first.offset, &mut near)?;
        let found = samples[..count].iter();
        found
            .filter_map(|sample| near.get(within(near.len(), first, sample)?))
            .collect()
    };
    Ok(near_samples.into_iter().map(<[u8]>::to_vec).collect())
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

fn head(source: &dyn RangeSource, sample: &CodedSample) -> Result<Vec<u8>, ReadError> {
    let mut head = vec![0; HEAD_BYTES.min(sample.size as usize)];
    source.read_at(sample.offset, &mut head)?;
    Ok(head)
}
