use async_trait::async_trait;
use std::path::PathBuf;
use thiserror::Error;

/// A video file that can be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Where it is.
    pub path: PathBuf,
    /// Bytes.
    pub size_bytes: u64,
}

/// Why a FileURL gives no file.
#[derive(Debug, Error)]
pub enum SourceError {
    /// There is nothing, or not a file.
    #[error("there is no file at this FileURL")]
    NotFound,
    /// Outside of what this deployment may read.
    #[error("this FileURL is not in a place that may be read")]
    NotAllowed,
    /// It can't be said now.
    #[error("{0}")]
    Unavailable(String),
}

/// The files that videos were registered from.
#[async_trait]
pub trait Sources: Send + Sync {
    /// The file behind `file_url`, if it is there and may be read. Checked at every call.
    async fn open(&self, file_url: &str) -> Result<SourceFile, SourceError>;
}
