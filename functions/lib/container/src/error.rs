//! Why a file has no index of ours.

use plan::{Budget, TooManySamples};
use source::ReadError;
use thiserror::Error;

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
