//! The HTTP server's end of the files that are played.

use super::Store;
use crate::objects::{FileVersion, OpenObject};
use crate::sources::{PLAY, play_key};
use service::model::{Video, VideoId};
use service::ports::{PortResult, SourceError};
use source::reopened;

/// By the ending of a file's name. Whatever a file is, it is given as a video and as nothing else:
/// a page among them would otherwise run as one of ours.
const VIDEO_TYPES: [(&str, &str); 9] = [
    ("mov", "video/quicktime"),
    ("mkv", "video/x-matroska"),
    ("webm", "video/webm"),
    ("ts", "video/mp2t"),
    ("m2ts", "video/mp2t"),
    ("flv", "video/x-flv"),
    ("avi", "video/x-msvideo"),
    ("wmv", "video/x-ms-wmv"),
    ("ogv", "video/ogg"),
];
const DEFAULT_TYPE: &str = "video/mp4";

impl Store {
    /// The video that is played at this path, which begins without `/`; none for other paths.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn video_at(&self, path: &str) -> PortResult<Option<Video>> {
        let name = path.strip_prefix(PLAY).unwrap_or_default();
        let id = name.split_once('.').map_or(name, |(id, _)| id);
        let video = self.ports.videos.by_id(&VideoId::from(id)).await?;
        Ok(video.filter(|video| play_key(video) == path))
    }

    /// The file of a video, opened, as it is now: a file that is no longer below a media root is
    /// not opened, nor one that is not known to be a video, as whatever was put in its place.
    ///
    /// # Errors
    /// It is not there, or may not be read.
    pub async fn open_video(&self, video: &Video) -> Result<OpenObject, SourceError> {
        let source = self.ports.sources.open_video(video).await?;
        if !video.is_known_of(&*source) {
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

fn video_type(path: &str) -> &'static str {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let known = VIDEO_TYPES.iter().find(|(known, _)| *known == ending);
    known.map_or(DEFAULT_TYPE, |(_, content_type)| content_type)
}
