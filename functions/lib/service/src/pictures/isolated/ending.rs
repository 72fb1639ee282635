//! How it ended, on its way from the child to the parent.

use super::frame::invalid;
use crate::model::VideoFacts;
use crate::pictures::{Failure, Progress, Stop, Taken};
use artifacts::Manifest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io;
use std::sync::{Mutex, PoisonError};

/// As [`super::take_in_child`] returns it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Ending {
    Taken {
        manifest: Box<Manifest>,
        facts: VideoFacts,
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
    Pause(Box<Progress>),
}

impl From<Result<Taken, Stop>> for Ending {
    fn from(taken: Result<Taken, Stop>) -> Self {
        match taken {
            Ok(Taken { manifest, facts }) => Self::Taken {
                manifest: Box::new(manifest),
                frame_rate: facts.frame_rate.to_bits(),
                facts,
            },
            Err(Stop::Fail(Failure { code, message })) => Self::Fail {
                code: code.to_owned(),
                message,
            },
            Err(Stop::Pause(done)) => Self::Pause(done),
            Err(Stop::Crashed(cause)) => Self::Crashed(cause),
            Err(Stop::Missing) => Self::Missing,
            Err(other @ (Stop::Retry(_) | Stop::Early)) => Self::Retry(other.to_string()),
        }
    }
}

impl Ending {
    /// # Errors
    /// It says what no child of ours says.
    pub(super) fn into_result(self) -> io::Result<Result<Taken, Stop>> {
        Ok(match self {
            Self::Taken {
                manifest,
                mut facts,
                frame_rate,
            } => {
                facts.frame_rate = f64::from_bits(frame_rate);
                Ok(Taken {
                    manifest: *manifest,
                    facts,
                })
            }
            Self::Fail { code, message } => {
                let code = lasting(&code).ok_or_else(|| invalid("a code of no sense"))?;
                Err(Stop::Fail(Failure { code, message }))
            }
            Self::Retry(cause) => Err(Stop::Retry(cause)),
            Self::Crashed(cause) => Err(Stop::Crashed(cause)),
            Self::Missing => Err(Stop::Missing),
            Self::Pause(done) => Err(Stop::Pause(done)),
        })
    }
}

/// The contract has fewer codes.
const MOST_CODES: usize = 100;
const LONGEST_CODE: usize = 80;

/// `code` for as long as this process lives. Codes are few, so that each is kept once; what does
/// not look like one is none.
fn lasting(code: &str) -> Option<&'static str> {
    static CODES: Mutex<BTreeSet<&str>> = Mutex::new(BTreeSet::new());
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.';
    if code.is_empty() || code.len() > LONGEST_CODE || !code.bytes().all(is_plain) {
        return None;
    }
    let mut codes = CODES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = codes.get(code) {
        return Some(known);
    }
    if codes.len() >= MOST_CODES {
        return None;
    }
    let kept: &'static str = Box::leak(code.into());
    codes.insert(kept);
    Some(kept)
}
