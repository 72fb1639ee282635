//! Downloads a file from a URL that a client of the API named.
//!
//! The same addresses are refused as for callbacks, at every redirect anew, and the connection goes
//! to the very address that was checked. What comes back is somebody's answer to us, so that how
//! large it is and how slowly it comes is bounded too. The rules are apart from the client that
//! calls by them: the functions on AWS have another one.

mod body;
#[cfg(feature = "client")]
mod client;
mod hops;
mod reason;

pub use body::Download;
#[cfg(feature = "client")]
pub use client::DownloadClient;
#[cfg(feature = "client")]
pub(crate) use client::reading;
pub use hops::{Hop, Hops, MAX_REDIRECTS};
pub use reason::{HOST_UNKNOWN, io_reason, tls_reason};

use crate::error::ForbiddenUrl;
use std::time::Duration;
use thiserror::Error;

/// For the connection, and for each read after that: a server that says nothing for so long has
/// gone.
pub const QUIET: Duration = Duration::from_secs(20);
/// For the headers of one answer.
pub const HEADERS_WITHIN: Duration = Duration::from_secs(30);
/// For the whole body of one answer.
pub const BODY_WITHIN: Duration = Duration::from_secs(60 * 60);

/// Why a URL gave no file.
#[derive(Debug, Error)]
pub enum DownloadError {
    /// The URL, or one that it redirects to, may not be called.
    #[error("{}", unaddressed(.0))]
    Forbidden(#[from] ForbiddenUrl),
    /// Another attempt will give no other answer.
    #[error("{0}")]
    Refused(String),
    /// Another attempt may succeed.
    #[error("{0}")]
    NoAnswer(String),
}

impl DownloadError {
    /// Whether another attempt cannot succeed.
    #[must_use]
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::NoAnswer(_))
    }
}

/// Without the address: whoever named a host of ours would learn it.
fn unaddressed(forbidden: &ForbiddenUrl) -> String {
    match forbidden {
        ForbiddenUrl::Address { kind, .. } => {
            format!("the URL leads to an address that is not public ({kind}) and is not allowed")
        }
        ForbiddenUrl::Credentials | ForbiddenUrl::Malformed => forbidden.to_string(),
    }
}

#[cfg(all(test, feature = "client"))]
#[allow(clippy::unwrap_used)]
mod tests;
