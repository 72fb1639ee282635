//! What a port says where it gives nothing.

use std::error::Error;
use thiserror::Error;

/// Why a port did not do what it was asked for.
#[derive(Debug, Error)]
#[error("{port}: {source}")]
pub struct PortError {
    /// Which port.
    pub port: &'static str,
    /// Whether trying again can help.
    pub kind: PortErrorKind,
    /// For the log.
    #[source]
    pub source: Box<dyn Error + Send + Sync>,
}

/// Whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortErrorKind {
    /// The port could not answer now. The same call may succeed later.
    Unavailable,
    /// What is stored is not what was written. It stays so until a person repairs it.
    Corrupt,
    /// The call itself is one that the port never does.
    Refused,
}

impl PortError {
    /// `port` could not answer because of `source`. Whatever is not known to be one of the other
    /// kinds is this.
    pub fn unavailable(
        port: &'static str,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::new(port, PortErrorKind::Unavailable, source)
    }

    /// `port` holds something that can't be read: `source` says what.
    pub fn corrupt(port: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(port, PortErrorKind::Corrupt, source)
    }

    /// `port` never does what it was asked for: `source` says why.
    pub fn refused(port: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(port, PortErrorKind::Refused, source)
    }

    /// A `port` error of this `kind`.
    pub fn new(
        port: &'static str,
        kind: PortErrorKind,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self {
            port,
            kind,
            source: source.into(),
        }
    }
}

/// What a port gives.
pub type PortResult<T> = Result<T, PortError>;
