//! Why a video gave no picture.

use crate::{Budget, Limits, ReadError};
use std::io;
use thiserror::Error;

/// Every way to fail. The texts are fit for the user who owns the video: no paths, no addresses.
#[derive(Debug, Error)]
pub enum MediaError {
    /// Permanent: no such file.
    #[error("the file does not exist")]
    NotFound,
    /// Permanent: a folder, a device, or no permission.
    #[error("the file cannot be read: {reason}")]
    NotReadable {
        /// Why, in the system's words.
        reason: String,
    },
    /// Permanent: a media file without moving pictures; cover art is none.
    #[error("the file has no video stream")]
    NoVideo,
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
    /// Permanent: frames larger than [`Limits`](crate::Limits) allow.
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
    /// Permanent: the same file would take as much again.
    #[error("{}", budget.sentence(*found, *limit))]
    Over {
        /// Of what it takes too much.
        budget: Budget,
        /// How much it takes, or at least that.
        found: u64,
        /// What was allowed.
        limit: u64,
    },
    /// Transient: what was read is not what was there before.
    #[error("the file changed while it was read")]
    Changed,
    /// Neither: the container's own account of its frames is wrong. Answered by
    /// [`Video::relist`](crate::Video::relist) and planning again; it cannot come from a video
    /// that was listed by decoding.
    #[error("the index of the video does not match its frames")]
    IndexUntrue,
    /// Neither: the taker of the pictures asked to stop.
    #[error("stopped")]
    Stopped,
    /// Transient: the decoder crashed or could not be started.
    #[error("ffmpeg failed: {detail}")]
    FfmpegFailed {
        /// What is known of it.
        detail: String,
    },
    /// Transient: the machine's trouble, not the video's.
    #[error("I/O error: {0}")]
    Io(#[from] io::Error),
}

impl MediaError {
    /// ffmpeg was ended by a signal that did not come from us.
    pub(crate) fn broken_down(signal: i32) -> Self {
        Self::FfmpegFailed {
            detail: format!("it was ended by signal {signal}"),
        }
    }

    /// There was no process.
    #[allow(clippy::needless_pass_by_value)]
    pub(crate) fn not_started(cause: io::Error) -> Self {
        Self::FfmpegFailed {
            detail: format!("it can't be started: {cause}"),
        }
    }

    /// More than `limits` allow of `budget`, by at least one.
    pub(crate) fn beyond(budget: Budget, limits: &Limits) -> Self {
        let limit = budget.of(limits);
        Self::Over {
            budget,
            found: limit.saturating_add(1),
            limit,
        }
    }

    /// What it went over, if that is what is wrong.
    #[must_use]
    pub fn budget(&self) -> Option<Budget> {
        match self {
            Self::TooLarge { .. } => Some(Budget::FramePixels),
            Self::Over { budget, .. } => Some(*budget),
            _ => None,
        }
    }

    /// Whether trying the same file again is pointless.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        match self {
            Self::NotFound
            | Self::NotReadable { .. }
            | Self::NoVideo
            | Self::Unreadable { .. }
            | Self::NothingDecodes { .. }
            | Self::TooLarge { .. }
            | Self::Over { .. } => true,
            Self::IndexUntrue
            | Self::Changed
            | Self::Stopped
            | Self::FfmpegFailed { .. }
            | Self::Io(_) => false,
        }
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
