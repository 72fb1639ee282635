//! Pictures that are gone without a word: a damaged header has one taken for a part of the one before.

use crate::bitstream::is_referenced;
use crate::bitstream::order::{OutputOrder, OutputOrderReader};
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
    let Some(reader) = reader.filter(|_| track.codec == Codec::Mpeg2) else {
        return Ok(false);
    };
    let mut watch = ReferenceWatch {
        reader,
        latest: None,
    };
    for sample in &track.samples {
        let mut head = vec![0; HEAD_BYTES.min(sample.size as usize)];
        source.read_at(sample.offset, &mut head)?;
        if watch.lacks_one(&head) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Follows samples of MPEG-2 in decoding order.
struct ReferenceWatch {
    reader: OutputOrderReader,
    /// Where the one of those that others refer to is shown that is shown last.
    latest: Option<OutputOrder>,
}

impl ReferenceWatch {
    /// Whether a picture is missing that the next one refers to. `head` is what it begins with.
    fn lacks_one(&mut self, head: &[u8]) -> bool {
        let Some(order) = self.reader.next(head) else {
            return false;
        };
        if is_referenced(Codec::Mpeg2, 0, head) {
            self.latest = self.latest.max(Some(order));
            return false;
        }
        self.latest.is_some_and(|latest| order > latest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INTRA: u8 = 1;
    const PREDICTED: u8 = 2;
    const BETWEEN: u8 = 3;

    /// Which of these lacks a picture: kinds and counts within their group.
    fn lacking(pictures: &[(u8, u16)]) -> Option<usize> {
        let mut watch = ReferenceWatch {
            reader: OutputOrderReader::new(Codec::Mpeg2, &[]).unwrap(),
            latest: None,
        };
        pictures.iter().position(|&(kind, count)| {
            let group: &[u8] = match kind {
                INTRA => &[0, 0, 1, 0xb8, 0, 8, 0, 0],
                _ => &[],
            };
            let (high, low) = ((count >> 2) as u8, (count << 6) as u8 | kind << 3);
            watch.lacks_one(&[group, &[0, 0, 1, 0, high, low]].concat())
        })
    }

    #[test]
    fn a_picture_between_two_that_is_shown_after_all_lacks_one() {
        let whole = [
            (INTRA, 2),
            (BETWEEN, 0),
            (BETWEEN, 1),
            (PREDICTED, 5),
            (BETWEEN, 3),
            (BETWEEN, 4),
            (INTRA, 2),
            (BETWEEN, 0),
        ];
        assert_eq!(lacking(&whole), None);
        // Without those in between, as what plays fast leaves them out.
        assert_eq!(lacking(&[whole[0], whole[3], whole[6]]), None);
        let lost = [&whole[..3], &whole[4..]].concat();
        assert_eq!(lacking(&lost), Some(3));
    }
}
