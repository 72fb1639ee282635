//! Who gets a picture, and for how long.

use crate::model::UnixMs;
use std::str::FromStr;
use thiserror::Error;

/// How long the URLs hold that events name where plain ones give nothing, ms: 30 days.
pub const EVENT_URLS_HOLD_MS: UnixMs = 30 * 24 * 60 * 60 * 1000;

/// How long caches may keep an answer, s: a deletion counts within a minute.
pub const MAX_AGE_S: i64 = 60;

/// Who gets a picture by its plain address, without a signature.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PictureAccess {
    /// Whoever knows it. It cannot be guessed.
    #[default]
    Public,
    /// Nobody: addresses are signed, and hold for a while.
    Signed,
}

/// The text names no kind of access.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected public or signed")]
pub struct UnknownAccess;

impl FromStr for PictureAccess {
    type Err = UnknownAccess;

    fn from_str(text: &str) -> Result<Self, UnknownAccess> {
        match text {
            "public" => Ok(Self::Public),
            "signed" => Ok(Self::Signed),
            _ => Err(UnknownAccess),
        }
    }
}
