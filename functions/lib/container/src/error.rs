//! Why a file has no index of ours.

use plan::{Budget, TooManySamples};
use source::ReadError;
use thiserror::Error;

/// Why there is none of a file that is cut off before its first picture.
pub const ENDS_EARLY: &str = "the file ends within its header";

// What several containers leave a file to ffmpeg for.
pub(crate) const NO_VIDEO: IndexError = IndexError::Unsupported("it has no video track");
pub(crate) const NOT_ONE: IndexError =
    IndexError::Unsupported("it has not just one video of a usual kind");
pub(crate) const NO_START: IndexError =
    IndexError::Unsupported("it does not begin with a keyframe");
pub(crate) const UNORDERED: IndexError = IndexError::Unsupported("its times are in no order");
/// A decoder tells it by the frame rate that the video is said to have.
pub(crate) const NO_DURATION: IndexError = IndexError::Unsupported("one picture has no duration");

/// Why there is none of a part of a file: when all of it ends is not known.
pub(crate) const SOUND_ENDS: IndexError = IndexError::Unsupported("its sound ends early");

/// Why there is no index.
#[derive(Debug, Error)]
pub enum IndexError {
    /// The container is none of ours, or has something that only a demuxer of ffmpeg's handles.
    #[error("{0}")]
    Unsupported(&'static str),
    /// Parts of it are missing or broken: a demuxer of ffmpeg's may lose pictures without a word.
    #[error("{0}")]
    Damaged(&'static str),
    /// Its times contradict the order in which a decoder gives its pictures.
    #[error("its times contradict the order of its pictures")]
    WrongTimes,
    /// Its video is encrypted, and nothing tells which parts of it are not.
    #[error("the video is encrypted")]
    Encrypted,
    /// It holds a picture that does not move, such as HEIC and AVIF: in tiles, of which a demuxer
    /// of ffmpeg's gives one.
    #[error("the file is a still picture, not a video")]
    StillPicture,
    /// It is larger than it may be, and would be for any reader.
    #[error("{0:?} is beyond its limit")]
    Over(Budget),
    /// The file could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl From<TooManySamples> for IndexError {
    fn from(error: TooManySamples) -> Self {
        match error {
            TooManySamples::Budget(budget) => Self::Over(budget),
            TooManySamples::File => {
                Self::Unsupported("it lists more pictures than its bytes can hold")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index;
    use crate::test_support::{Bytes, LIMITS};

    /// It was "Invalid data found", "dimensions not set" or "Unable to seek to the next packet".
    #[test]
    fn a_file_that_ends_before_its_first_picture_is_said_to() {
        let flv = [
            &b"FLV\x01\x01\0\0\0\x09\0\0\0\0"[..],
            &[18, 0, 1, 0],
            &[0; 9],
        ]
        .concat();
        let header = [0x1a, 0x45, 0xdf, 0xa3, 0xa3, 0x42, 0x86, 0x81, 1];
        let matroska = [&header[..], &[0; 27]].concat();
        for whole in [flv, matroska] {
            for length in [9, 12, 13, 14, 25] {
                let reason = match index(&Bytes(whole[..length].to_vec()), LIMITS) {
                    Err(IndexError::Unsupported(reason) | IndexError::Damaged(reason)) => reason,
                    read => panic!("{read:?}"),
                };
                // Nothing but a header is no video.
                let is_header = whole.starts_with(b"FLV") && length == 13;
                assert_eq!(reason == ENDS_EARLY, !is_header, "{length}: {reason}");
            }
        }
        let short = index(&Bytes(b"no video".to_vec()), LIMITS);
        assert!(matches!(
            short,
            Err(IndexError::Unsupported("it is too short"))
        ));
    }
}
