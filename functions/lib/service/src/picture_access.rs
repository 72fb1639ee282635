//! Who gets a picture, and what every answer about one says beside its bytes.

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

/// What goes with every answer of ours about a picture, whatever its status: any page may read it, pages
/// that isolate themselves too, search engines shall not list it, and nobody guesses at its type.
///
/// On AWS a redirect has these, and the bucket answers after it: it lets any page read, and has no way
/// to say the rest.
pub const PICTURE_HEADERS: [(&str, &str); 5] = [
    ("access-control-allow-origin", "*"),
    // A player in a page needs these to seek.
    (
        "access-control-expose-headers",
        "Content-Length, Content-Range, ETag",
    ),
    ("cross-origin-resource-policy", "cross-origin"),
    ("x-robots-tag", "noindex"),
    ("x-content-type-options", "nosniff"),
];

/// What a browser is told that asks first whether a page may get a picture.
pub const PREFLIGHT_HEADERS: [(&str, &str); 3] = [
    ("access-control-allow-methods", "GET, HEAD"),
    ("access-control-allow-headers", "*"),
    ("access-control-max-age", "86400"),
];
