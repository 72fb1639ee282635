//! Pictures that are gone without a word: a damaged header has one taken for a part of the one before.

use crate::bitstream::is_referenced;
use crate::bitstream::order::OutputOrderReader;
use crate::{Codec, VideoTrack};
use source::{RangeSource, ReadError};

/// What comes before the first slice is rarely longer.
const HEAD_BYTES: usize = 2048;

/// Whether a picture is missing that others refer to. Of MPEG-2 it is told where a picture that lies
/// between two others, and is decoded after both, is shown after all that were decoded; of others
/// never.
///
/// # Errors
/// The samples could not be read.
pub fn lacks_reference(source: &dyn RangeSource, track: &VideoTrack) -> Result<bool, ReadError> {
    let reader = OutputOrderReader::new(track.codec, &track.entry);
    let Some(mut reader) = reader.filter(|_| track.codec == Codec::Mpeg2) else {
        return Ok(false);
    };
    let mut latest = None;
    for sample in &track.samples {
        let mut head = vec![0; HEAD_BYTES.min(sample.size as usize)];
        source.read_at(sample.offset, &mut head)?;
        let Some(order) = reader.next(&head) else {
            return Ok(false);
        };
        if is_referenced(track.codec, 0, &head) {
            latest = latest.max(Some(order));
        } else if latest.is_some_and(|latest| order > latest) {
            return Ok(true);
        }
    }
    Ok(false)
}
