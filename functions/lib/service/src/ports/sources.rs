use crate::model::{UnixMs, Video};
use async_trait::async_trait;
use source::RangeSource;
use std::sync::Arc;
use thiserror::Error;

/// Why a FileURL gives no file.
#[derive(Debug, Error)]
pub enum SourceError {
    /// There is nothing, or not a file, and the source itself says so: it is of no use to wait.
    #[error("no file at this FileURL")]
    NotFound,
    /// There is nothing now where a file was, and it may be there again: it is being replaced, or
    /// what it lies on is mounted over an empty folder.
    #[error("no file at this FileURL at the moment")]
    Missing,
    /// Outside of what this deployment may read.
    #[error("this FileURL is outside of the locations that may be read")]
    NotAllowed,
    /// It can't be said now: the source does not answer, or the place where files lie is away.
    #[error("{0}")]
    Unavailable(String),
}

/// The files that videos were registered from.
#[async_trait]
pub trait Sources: Send + Sync {
    /// The file behind `file_url`, if it is there and may be read. Checked at every call. What
    /// comes back reads this very file, whatever its name is given to later; where its content is
    /// replaced, reading fails.
    async fn open(&self, file_url: &str) -> Result<Arc<dyn RangeSource>, SourceError>;

    /// Where a client plays the file of `video`, until `expires_ms` at the latest. The URL is
    /// signed anew, and holds nothing of a FileURL's own query, which may be somebody's secret.
    async fn play_url(&self, video: &Video, expires_ms: UnixMs) -> Result<String, SourceError>;
}
