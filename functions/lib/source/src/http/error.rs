//! Why a URL gave no file.

use crate::ReadError;
use std::io;
use thiserror::Error;

/// Why a URL gave no file. The texts do not name it.
#[derive(Debug, Error)]
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
    /// A status here is one that passes, such as 503: others have been told apart before.
    fn from(error: HttpError) -> Self {
        Self::Transient(match error {
            HttpError::NoAnswer(cause) => cause,
            other => io::Error::other(other.to_string()),
        })
    }
}
