//! Why a video gave no picture.

use decoder::DecoderError;
use plan::{Budget, LimitExceeded};
use source::ReadError;
use std::io;
use thiserror::Error;

/// Every way to fail. The texts are fit for the user who owns the video: no paths, no addresses.
#[derive(Debug, Error)]
pub enum MediaError {
    /// Transient: no such file now. Whether it may come back, its source knows.
    #[error("the file does not exist")]
    NotFound,
    /// Transient: a folder, a device, or no permission: its owner can change that.
    #[error("the file cannot be read: {reason}")]
    NotReadable {
        /// Why, in the system's words.
        reason: String,
    },
    /// Permanent: a media file without moving pictures; cover art is none.
    #[error("the file has no video stream")]
    NoVideo,
    /// Permanent: a wanted picture needs what is encrypted.
    #[error("the video is encrypted")]
    Encrypted,
    /// Permanent: a picture that does not move.
    #[error("the file is a still picture, not a video")]
    StillPicture,
    /// Permanent: no container we take, or one too broken to open.
    #[error("the file is not a readable video: {detail}")]
    Unreadable {
        /// The last useful line of the decoder's complaint.
        detail: String,
    },
    /// Permanent: there is a video stream, but no frame of it can be decoded.
    #[error("no frame of the video can be decoded: {detail}")]
    NothingDecodes {
        /// The last useful line of the decoder's complaint.
        detail: String,
    },
    /// Permanent: frames larger than [`plan::Limits`] allow.
    #[error("the video is {width}x{height}, {pixels} pixels a frame; the limit is {limit}")]
    TooLarge {
        /// px
        width: u32,
        /// px
        height: u32,
        /// width x height
        pixels: u64,
        /// What was allowed.
        limit: u64,
    },
    /// Permanent: a frame whose picture no JPEG holds.
    #[error(transparent)]
    PictureTooLarge(#[from] plan::size::TooLarge),
    /// Permanent: the same file would take as much again.
    #[error(transparent)]
    Exceeded(#[from] LimitExceeded),
    /// Transient: what was read is not what was there before.
    #[error("the file changed while it was read")]
    Changed,
    /// Neither: the container's own account of its frames is wrong. Answered by
    /// [`Video::relist`](crate::Video::relist) and planning again; it cannot come from a video
    /// that was listed by decoding.
    #[error("the index of the video does not match its frames")]
    IndexMismatch,
    /// Neither: the taker of the pictures asked to stop.
    #[error("stopped")]
    Stopped,
    /// Transient: the decoder ended by a signal that comes of what a program does itself, such
    /// as a segmentation fault, or was killed, as the kernel does with who takes all memory. Five
    /// of these are a property of the file.
    #[error("ffmpeg failed: it was ended by signal {signal}")]
    DecoderCrashed {
        /// As signal(7) numbers them.
        signal: i32,
    },
    /// Transient: the decoder could not be started, or somebody else told it to end. Nothing of
    /// that is the file's.
    #[error("ffmpeg failed: {detail}")]
    DecoderUnavailable {
        /// What is known of it.
        detail: String,
    },
    /// Transient: the machine's trouble, not the video's.
    #[error("I/O error: {0}")]
    Io(#[from] io::Error),
}

impl MediaError {
    /// What it went over, if that is what is wrong.
    #[must_use]
    pub fn budget(&self) -> Option<Budget> {
        match self {
            Self::TooLarge { .. } => Some(Budget::FramePixels),
            Self::Exceeded(over) => Some(over.budget),
            _ => None,
        }
    }

    /// Whether this is a verdict on the file: trying the same one again is pointless.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::NoVideo
            | Self::Encrypted
            | Self::StillPicture
            | Self::Unreadable { .. }
            | Self::NothingDecodes { .. }
            | Self::TooLarge { .. }
            | Self::PictureTooLarge(_)
            | Self::Exceeded(_) => true,
            Self::NotFound
            | Self::NotReadable { .. }
            | Self::IndexMismatch
            | Self::Changed
            | Self::Stopped
            | Self::DecoderCrashed { .. }
            | Self::DecoderUnavailable { .. }
            | Self::Io(_) => false,
        }
    }
}

impl MediaError {
    /// Whether this says that the file is something else than a video. One that is damaged,
    /// encrypted or beyond a limit is a video.
    #[must_use]
    pub fn is_no_video(&self) -> bool {
        matches!(
            self,
            Self::NoVideo | Self::StillPicture | Self::Unreadable { .. }
        )
    }
}

impl From<ReadError> for MediaError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Gone => Self::NotFound,
            ReadError::NotAFile => Self::NotReadable {
                reason: ReadError::NotAFile.to_string(),
            },
            ReadError::Denied(reason) => Self::NotReadable { reason },
            ReadError::Changed => Self::Changed,
            ReadError::Transient(error) => Self::Io(error),
        }
    }
}

impl From<DecoderError> for MediaError {
    fn from(error: DecoderError) -> Self {
        match error {
            DecoderError::Exceeded(over) => Self::Exceeded(over),
            DecoderError::Stopped => Self::Stopped,
            DecoderError::Crashed { signal } => Self::DecoderCrashed { signal },
            DecoderError::Unavailable { detail } => Self::DecoderUnavailable { detail },
            DecoderError::Io(error) => Self::Io(error),
        }
    }
}
