//! Why a URL gave no file.

use crate::ReadError;
use std::error::Error;
use std::io;
use thiserror::Error as ThisError;

/// Why a URL gave no file. The texts do not name it.
#[derive(Debug, ThisError)]
pub enum HttpError {
    /// The server answered, and not with a file.
    #[error("the server answered with status {0}")]
    Status(u16),
    /// There is no byte in it.
    #[error("the file is empty")]
    Empty,
    /// It comes compressed, which was not asked for.
    #[error("the server gives the file compressed only")]
    Encoded,
    /// What the caller's client is made of does not call this URL, or one that it redirects to.
    #[error("{0}")]
    NotCalled(Box<dyn Error + Send + Sync>),
    /// There was no answer, or not one of HTTP.
    #[error("{0}")]
    NoAnswer(io::Error),
}

impl From<io::Error> for HttpError {
    fn from(cause: io::Error) -> Self {
        Self::NoAnswer(cause)
    }
}

impl From<ureq::Error> for HttpError {
    fn from(error: ureq::Error) -> Self {
        let text = match error {
            ureq::Error::Io(cause) => return Self::NoAnswer(cause),
            ureq::Error::Other(cause) => return Self::NotCalled(cause),
            ureq::Error::HostNotFound => "the host of the URL cannot be found",
            ureq::Error::ConnectionFailed => "the server cannot be reached",
            ureq::Error::Timeout(_) => "the server does not answer in time",
            ureq::Error::BadUri(_) => "the URL is malformed",
            ureq::Error::TooManyRedirects => "it redirects too often",
            ureq::Error::RequireHttpsOnly(_) => "it redirects from https to http",
            other => return Self::NoAnswer(io::Error::other(other.to_string())),
        };
        Self::NoAnswer(io::Error::other(text))
    }
}

impl From<HttpError> for ReadError {
    fn from(error: HttpError) -> Self {
        match error {
            HttpError::NoAnswer(cause) => Self::Transient(cause),
            HttpError::Status(status) if may_pass(status) => {
                Self::Transient(io::Error::other(error.to_string()))
            }
            HttpError::Status(404 | 410) => Self::Gone,
            HttpError::Empty => Self::Changed,
            other => Self::Denied(other.to_string()),
        }
    }
}

/// Whether a status may be another one at the next attempt.
fn may_pass(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..)
}
