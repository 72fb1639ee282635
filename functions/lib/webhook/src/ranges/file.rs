//! What is known of a file, and why nothing is.

use thiserror::Error;

/// Why there is no range.
#[derive(Debug, Error)]
pub enum RangeError {
    /// The host, or one that it redirects to, was not named.
    #[error("this host is not one that files may be read from")]
    NotNamed,
    /// There is no such file.
    #[error("the server has no such file (status {0})")]
    NotFound(u16),
    /// The server does not give it to us.
    #[error("the server refuses the file: {0}")]
    Refused(String),
    /// It is not the version that was asked for.
    #[error("the file changed while it was read")]
    Changed,
    /// Another attempt may succeed.
    #[error("{0}")]
    NoAnswer(String),
}

/// Where a file ends, and which version of it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// Of the whole file.
    pub bytes: u64,
    /// A strong ETag, else the time of its last change; none where the server says neither.
    pub validator: Option<String>,
}
