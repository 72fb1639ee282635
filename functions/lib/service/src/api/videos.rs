//! Videos: finding them, and what is known of them.

use super::{Api, Reply, port_failed, reply};
use crate::model::{SnapshotType, Video};
use crate::pictures::keys;
use contract::command::{GetMezzanineInfo, GetVideoInfo, VideoRef};
use contract::error::ApiError;
use contract::response::body::{self, VideoStream};

impl Api {
    /// The video meant, or the documented 404.
    pub(super) async fn video(&self, meant: &VideoRef) -> Result<Video, ApiError> {
        let videos = &self.ports.videos;
        let found = match meant {
            VideoRef::Id(id) => videos.by_id(id).await,
            VideoRef::Reference(id) => videos.by_reference(id).await,
        };
        found
            .map_err(port_failed)?
            .ok_or_else(ApiError::video_not_found)
    }

    pub(super) async fn video_info(&self, command: GetVideoInfo) -> Reply {
        let video = self.video(&command.video).await?;
        let snapshots = self.first_urls(&video).await?;
        let covers = self
            .pictures_of(&video, SnapshotType::CoverSnapshot)
            .await?;
        let snapshots = match snapshots.is_empty() {
            true => covers,
            false => snapshots,
        };
        // The caller's own is never replaced; what somebody asked for goes before system covers.
        let cover_url = video.cover_url.or_else(|| snapshots.first().cloned());
        reply(body::GetVideoInfo {
            video_id: video.id,
            title: video.title,
            description: video.description,
            tags: video.tags,
            cate_id: video.cate_id,
            reference_id: video.reference_id,
            status: video.status.name().to_owned(),
            duration_ms: video.facts.as_ref().map(|facts| facts.duration_ms),
            size_bytes: video.size_bytes,
            cover_url,
            created_ms: video.created_ms,
            modified_ms: video.modified_ms,
            snapshots,
        })
    }

    /// The first eight pictures of the newest normal job, as the vendor shows covers.
    async fn first_urls(&self, video: &Video) -> Result<Vec<String>, ApiError> {
        self.pictures_of(video, SnapshotType::NormalSnapshot).await
    }

    async fn pictures_of(
        &self,
        video: &Video,
        kind: SnapshotType,
    ) -> Result<Vec<String>, ApiError> {
        let Some(job) = self.listed_job(&video.id, kind).await? else {
            return Ok(Vec::new());
        };
        let first = keys::keys(&job, kind).take(8);
        Ok(first
            .map(|key| self.ports.objects.public_url(&key))
            .collect())
    }

    pub(super) async fn mezzanine_info(&self, command: GetMezzanineInfo) -> Reply {
        let video = self.video(&command.video).await?;
        let stream = video.facts.as_ref().map(|facts| VideoStream {
            codec: facts.codec.clone(),
            width: facts.width,
            height: facts.height,
            // An average over rounded times; nobody means more than this by it.
            frame_rate: (facts.frame_rate * 1000.0).round() / 1000.0,
        });
        reply(body::GetMezzanineInfo {
            video_id: video.id,
            file_name: file_name(&video.file_url),
            file_url: video.file_url,
            duration_ms: video.facts.as_ref().map(|facts| facts.duration_ms),
            size_bytes: video.size_bytes,
            // Of the file, not of the video: it was there when it was registered.
            status: "Normal".to_owned(),
            created_ms: video.created_ms,
            stream,
        })
    }
}

/// The last part of a URL's path.
fn file_name(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default().to_owned()
}
