//! How it ended, on its way from the child to the parent.

use super::frame::invalid;
use crate::model::VideoInfo;
use crate::pictures::{Checkpoint, Interrupted, JobFailure, PicturesTaken};
use artifacts::Manifest;
use contract::error::ErrorCode;
use serde::{Deserialize, Serialize};
use std::io;

/// As [`super::take_in_child`] returns it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Ending {
    Taken {
        manifest: Box<Manifest>,
        facts: VideoInfo,
        /// The bits of the rate in `facts`: JSON may round them.
        frame_rate: u64,
    },
    Fail {
        code: String,
        message: String,
    },
    Retry(String),
    Crashed(String),
    Missing,
    Pause(Box<Checkpoint>),
}

impl From<Result<PicturesTaken, Interrupted>> for Ending {
    fn from(taken: Result<PicturesTaken, Interrupted>) -> Self {
        match taken {
            Ok(PicturesTaken { manifest, facts }) => Self::Taken {
                manifest: Box::new(manifest),
                frame_rate: facts.frame_rate.to_bits(),
                facts,
            },
            Err(Interrupted::Failed(JobFailure { code, message })) => Self::Fail {
                code: code.name().to_owned(),
                message,
            },
            Err(Interrupted::Paused(done)) => Self::Pause(done),
            Err(Interrupted::Crashed(cause)) => Self::Crashed(cause),
            Err(Interrupted::FileMissing) => Self::Missing,
            Err(
                other @ (Interrupted::Retry(_)
                | Interrupted::UnreadableJob(_)
                | Interrupted::Large(_)
                | Interrupted::NotYetWritten),
            ) => Self::Retry(other.to_string()),
        }
    }
}

impl Ending {
    /// # Errors
    /// It says what no child of ours says.
    pub(super) fn into_result(self) -> io::Result<Result<PicturesTaken, Interrupted>> {
        Ok(match self {
            Self::Taken {
                manifest,
                mut facts,
                frame_rate,
            } => {
                facts.frame_rate = f64::from_bits(frame_rate);
                Ok(PicturesTaken {
                    manifest: *manifest,
                    facts,
                })
            }
            Self::Fail { code, message } => {
                let code = ErrorCode::named(&code).ok_or_else(|| invalid("unknown error code"))?;
                Err(Interrupted::Failed(JobFailure { code, message }))
            }
            Self::Retry(cause) => Err(Interrupted::Retry(cause)),
            Self::Crashed(cause) => Err(Interrupted::Crashed(cause)),
            Self::Missing => Err(Interrupted::FileMissing),
            Self::Pause(done) => Err(Interrupted::Paused(done)),
        })
    }
}
