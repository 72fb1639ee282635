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
    /// It can't be said now of this file, while others may well be read: this process has no
    /// permission, or the folder or bucket where it lies is away.
    #[error("{0}")]
    Unreadable(String),
    /// It can't be said now of any file: the source does not answer.
    #[error("{0}")]
    Unavailable(String),
}

impl SourceError {
    /// Whether it says nothing of the file, so that it is waited for.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unreadable(_) | Self::Unavailable(_))
    }
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

impl dyn Sources {
    /// The file of `video`. Its FileURL may lead elsewhere by now, where it names a symlink or may be
    /// read in two ways: a video is the file at its place, whatever is there.
    ///
    /// # Errors
    /// See [`Sources::open`]; a place that nothing leads to is one where a file is missing.
    pub async fn open_video(&self, video: &Video) -> Result<Arc<dyn RangeSource>, SourceError> {
        let found = self.open(&video.file_url).await;
        let Some(place) = video.place.as_deref() else {
            return found;
        };
        let is_its_own = |file: &Arc<dyn RangeSource>| {
            let found = file.place();
            found.is_none_or(|found| found == place)
        };
        match found {
            Ok(file) if is_its_own(&file) => return Ok(file),
            Err(cause) if cause.is_passing() => return Err(cause),
            _ => {}
        }
        let at_its_place = self.open(place).await;
        match at_its_place {
            Ok(file) if is_its_own(&file) => Ok(file),
            Err(cause) if cause.is_passing() => Err(cause),
            // Why the FileURL that people know gives none.
            _ => Err(found.err().unwrap_or(SourceError::Missing)),
        }
    }
}
