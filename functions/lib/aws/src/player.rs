//! What answers a call of a PlayURL.

use crate::sources::{PlayLinks, PlayMethod, SourceBuckets};
use service::play_path::video_in;
use service::ports::{Clock, PortError, SourceError, SystemClock, Videos};
use std::sync::Arc;
use thiserror::Error;

/// So long players may go on with the URL that one call gave them.
const PLAYED_WITHIN_MS: i64 = 6 * 60 * 60 * 1000;

/// Leads players from the URLs of `GetPlayInfo` to the files.
#[derive(Clone)]
pub struct Player {
    pub(crate) links: Arc<PlayLinks>,
    pub(crate) buckets: Arc<SourceBuckets>,
    pub(crate) videos: Arc<dyn Videos>,
}

/// Why a PlayURL leads nowhere.
#[derive(Debug, Error)]
pub enum PlayError {
    /// It was not given out like this, or is past its time.
    #[error("not a URL of this deployment, or one past its time")]
    Forbidden,
    /// The video or its file is gone.
    #[error("the video or its file is gone")]
    NotFound,
    /// It can't be said now.
    #[error("{0}")]
    Unavailable(String),
}

impl Player {
    /// Where the file is that this path and query stand for. The path begins without `/`.
    ///
    /// # Errors
    /// See [`PlayError`].
    pub async fn location(
        &self,
        path: &str,
        query: &str,
        is_head: bool,
    ) -> Result<String, PlayError> {
        let now_ms = SystemClock.now_ms();
        // Before anything else is asked: nobody learns by a guess what there is.
        let expires_s = self.links.verify(path, query, now_ms).await?;
        let expires_s = expires_s.ok_or(PlayError::Forbidden)?;
        let id = video_in(path).ok_or(PlayError::NotFound)?;
        let video = self.videos.by_id(&id).await?;
        let video = video.filter(|video| PlayLinks::path_of(video) == path);
        let video = video.ok_or(PlayError::NotFound)?;
        let until_ms = expires_s.saturating_mul(1000);
        let until_ms = until_ms.min(now_ms.saturating_add(PLAYED_WITHIN_MS));
        let method = match is_head {
            true => PlayMethod::Head,
            false => PlayMethod::Get,
        };
        let presigned = self.buckets.presign(&video, method, until_ms);
        Ok(presigned.await?)
    }
}

impl From<PortError> for PlayError {
    fn from(cause: PortError) -> Self {
        Self::Unavailable(cause.to_string())
    }
}

impl From<SourceError> for PlayError {
    fn from(cause: SourceError) -> Self {
        match cause {
            SourceError::Unreadable(cause) | SourceError::Unavailable(cause) => {
                Self::Unavailable(cause)
            }
            _ => Self::NotFound,
        }
    }
}
