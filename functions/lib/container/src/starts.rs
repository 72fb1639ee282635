//! Samples that decoding begins with.

use crate::{Codec, VideoTrack};
use bitstream::RandomAccess;
use plan::CodedSample;
use source::{RangeSource, ReadError};

/// Enough for what comes before the first slice.
const HEAD_BYTES: usize = 2048;

/// The first sample of `track` that decoding can begin with; none where it is none, or is encrypted, or
/// gives several pictures.
///
/// # Errors
/// It could not be read.
pub fn first_start(
    source: &dyn RangeSource,
    track: &VideoTrack,
) -> Result<Option<Vec<u8>>, ReadError> {
    let mut starts = track.samples.iter().filter(|sample| sample.sync);
    let Some(sample) = starts.find(|sample| !sample.encrypted) else {
        return Ok(None);
    };
    let bytes = track.unpacked(head(source, sample, usize::MAX)?);
    let is_start = bitstream::random_access(track.codec, &bytes) != RandomAccess::None;
    let is_one = !bitstream::shows_several(track.codec, &bytes);
    Ok(Some(bytes).filter(|_| is_start && is_one))
}

/// Whether a decoder that was given other pictures before has to be a fresh one for those from `sample`
/// on.
///
/// # Errors
/// It could not be read.
pub fn starts_fresh(
    source: &dyn RangeSource,
    track: &VideoTrack,
    sample: usize,
) -> Result<bool, ReadError> {
    if !matches!(track.codec, Codec::H264 { .. }) {
        return Ok(false);
    }
    let head = track.unpacked(head(source, &track.samples[sample], HEAD_BYTES)?);
    Ok(bitstream::random_access(track.codec, &head) == RandomAccess::RecoveryPoint)
}

/// So much of a sample, from its beginning on.
pub(crate) fn head(
    source: &dyn RangeSource,
    sample: &CodedSample,
    most: usize,
) -> Result<Vec<u8>, ReadError> {
    let size = usize::try_from(sample.size).unwrap_or(usize::MAX);
    let mut head = vec![0; size.min(most)];
    source.read_at(sample.offset, &mut head)?;
    Ok(head)
}
