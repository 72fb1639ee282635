//! Videos: finding them, and what is known of them.

use super::{Api, Reply, down, reply};
use crate::model::{SnapshotType, Video};
use contract::command::{GetVideoInfo, VideoRef};
use contract::error::ApiError;
use contract::response::body;

impl Api {
    /// The video meant, or the documented 404.
    pub(super) async fn video(&self, meant: &VideoRef) -> Result<Video, ApiError> {
        let videos = &self.ports.videos;
        let found = match meant {
            VideoRef::Id(id) => videos.by_id(id).await,
            VideoRef::Reference(id) => videos.by_reference(id).await,
        };
        found.map_err(down)?.ok_or_else(ApiError::video_not_found)
    }

    pub(super) async fn video_info(&self, command: GetVideoInfo) -> Reply {
        let video = self.video(&command.video).await?;
        let snapshots = self.first_urls(&video).await?;
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
            cover_url: video.cover_url,
            created_ms: video.created_ms,
            modified_ms: video.modified_ms,
            snapshots,
        })
    }

    /// The first eight pictures of the newest normal job, as the vendor shows covers.
    async fn first_urls(&self, video: &Video) -> Result<Vec<String>, ApiError> {
        let kind = SnapshotType::NormalSnapshot;
        let newest = self
            .ports
            .jobs
            .latest_success(&video.id, kind)
            .await
            .map_err(down)?;
        let Some(job) = newest else {
            return Ok(Vec::new());
        };
        let url = |number| {
            let key = artifacts::key::picture(&job.video_id, &job.id, number);
            self.ports.objects.public_url(&key)
        };
        Ok((1..=super::snapshots::count(&job, kind).min(8))
            .map(url)
            .collect())
    }
}
