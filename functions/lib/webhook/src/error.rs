//! Why a callback was not taken.

use std::io;
use std::net::IpAddr;
use thiserror::Error;

/// A callback that its receiver did not take.
#[derive(Debug, Error)]
pub enum WebhookError {
    /// The receiver answered with another status than 200.
    #[error("status {0}")]
    Status(u16),
    /// The receiver did not answer in time, or not at all.
    #[error("{0}")]
    NoAnswer(String),
    /// The URL may not be called. It never may be: do not try again.
    #[error(transparent)]
    Forbidden(#[from] ForbiddenUrl),
    /// This process has no descriptor left. The receiver was not called.
    #[error("{0}")]
    OutOfDescriptors(io::Error),
}

impl WebhookError {
    /// Whether another attempt cannot succeed.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Forbidden(_))
    }
}

/// A URL that callbacks may not be sent to.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ForbiddenUrl {
    /// Its host has an address that is neither public nor allowed.
    #[error("{address} is not a public address ({kind}) and is not allowed")]
    Address {
        /// The address.
        address: IpAddr,
        /// What it is, such as `private`.
        kind: &'static str,
    },
    /// It is no URL of HTTP.
    #[error("the URL is malformed")]
    Malformed,
    /// A user name or password would be sent to the receiver.
    #[error("the URL contains a user name or a password")]
    Credentials,
}
