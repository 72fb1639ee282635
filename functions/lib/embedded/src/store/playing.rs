//! The HTTP server's end of the files that are played.

use super::Store;
use crate::objects::{FileVersion, OpenObject};
use crate::sources::play_key;
use service::model::Video;
use service::play_path::video_in;
use service::ports::{PortResult, SourceError};
use service::video_type::video_type;
use source::reopened;

impl Store {
    /// The video that is played at this path, which begins without `/`; none for other paths.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn video_at(&self, path: &str) -> PortResult<Option<Video>> {
        let Some(id) = video_in(path) else {
            return Ok(None);
        };
        let video = self.ports.videos.by_id(&id).await?;
        Ok(video.filter(|video| play_key(video) == path))
    }

    /// The file of a video, opened, as it is now: a file that is no longer below a media root is
    /// not opened, nor one that is not known to be a video, as whatever was put in its place.
    ///
    /// # Errors
    /// It is not there, or may not be read.
    pub async fn open_video(&self, video: &Video) -> Result<OpenObject, SourceError> {
        let source = self.ports.sources.open_video(video).await?;
        if !video.is_playable_from(&*source) {
            return Err(SourceError::NotFound);
        }
        let path = play_key(video);
        let open = move || {
            let file = source.file().ok_or(SourceError::NotAllowed)?;
            let unavailable = |cause: std::io::Error| SourceError::Unavailable(cause.to_string());
            // Each reader needs a position of its own.
            let file = reopened(&file).map_err(unavailable)?;
            let metadata = file.metadata().map_err(unavailable)?;
            Ok(OpenObject {
                len: metadata.len(),
                content_type: video_type(&path),
                modified: metadata.modified().map_err(unavailable)?,
                version: FileVersion::of(&metadata),
                file,
            })
        };
        let opened = tokio::task::spawn_blocking(open).await;
        opened.map_err(|cause| SourceError::Unavailable(cause.to_string()))?
    }
}
