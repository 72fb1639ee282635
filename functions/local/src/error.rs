//! Why a command ended.

use std::path::PathBuf;
use thiserror::Error;

/// What the program says before it ends with 1.
#[derive(Debug, Error)]
pub enum Error {
    /// No decoder.
    #[error(transparent)]
    Ffmpeg(#[from] decoder::LocateError),
    /// Decoders would be confined less than they must be.
    #[error(transparent)]
    Unconfined(#[from] decoder::Unconfined),
    /// The data folder can't be used.
    #[error(transparent)]
    Store(#[from] embedded::StoreError),
    /// Nobody may call, or more than should.
    #[error(transparent)]
    Keys(#[from] crate::keys::KeysError),
    /// A file or folder can't be used.
    #[error("{path}: {cause}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The address can't be listened on.
    #[error("cannot listen on {address}: {cause}")]
    Listen {
        /// Where.
        address: std::net::SocketAddr,
        /// Why.
        cause: std::io::Error,
    },
    /// The service's own answer to a request.
    #[error("{0}")]
    Said(String),
    /// A request that got no answer.
    #[error(transparent)]
    Http(#[from] ureq::Error),
    /// Anything of the operating system's.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl Error {
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |cause| Self::File { path, cause }
    }
}
