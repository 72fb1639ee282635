//! Videos: finding them, and what is known of them.

use super::{Api, Reply, port_failed, reply};
use crate::model::{SnapshotType, Video, VideoChange, VideoInfo};
use crate::pictures::keys;
use contract::command::{GetMezzanineInfo, GetVideoInfo, UpdateVideoInfo, VideoRef};
use contract::error::ApiError;
use contract::response::body::{self, VideoStream, VideoSummary};

/// How long the URLs of covers hold, at the most and in whole days. Stores may let them hold for less.
const HELD_DAYS: i64 = 31;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

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
        reply(body::GetVideoInfo {
            video: self.summary(video).await?,
        })
    }

    pub(super) async fn summary(&self, video: Video) -> Result<VideoSummary, ApiError> {
        let (cover_url, snapshots) = self.covers(&video).await?;
        Ok(VideoSummary {
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

    /// The cover that the user set, or else a picture of the video, and more pictures of it. Those
    /// that lie here are signed: a store may give none without.
    pub(super) async fn covers(
        &self,
        video: &Video,
    ) -> Result<(Option<String>, Vec<String>), ApiError> {
        let mut keys = self.first_keys(video, SnapshotType::NormalSnapshot).await?;
        // What somebody asked for goes before system covers.
        if keys.is_empty() {
            keys = self.first_keys(video, SnapshotType::CoverSnapshot).await?;
        }
        let mut snapshots = Vec::new();
        for key in keys {
            snapshots.push(self.signed(&key).await?);
        }
        let chosen = self.chosen_cover(video).await?;
        let cover_url = chosen.or_else(|| snapshots.first().cloned());
        Ok((cover_url, snapshots))
    }

    /// The same all day long, so that browsers know the picture again.
    pub(super) async fn signed(&self, key: &str) -> Result<String, ApiError> {
        let days = self.now_ms().div_euclid(DAY_MS).saturating_add(HELD_DAYS);
        let expires_ms = days.saturating_mul(DAY_MS);
        let url = self.ports.objects.signed_url(key, expires_ms).await;
        url.map_err(port_failed)
    }

    /// Changes what the caller gave; the rest stays.
    pub(super) async fn update_video(&self, command: UpdateVideoInfo) -> Reply {
        let video = self.video(&command.video).await?;
        let change = VideoChange {
            title: command.title,
            description: command.description,
            tags: command.tags,
            cate_id: command.cate_id,
            user_data: command.user_data,
            cover_url: command.cover_url,
        };
        if change != VideoChange::default() {
            let changed = self.ports.videos.change(&video.id, &change, self.now_ms());
            let changed = changed.await.map_err(port_failed)?;
            changed.ok_or_else(ApiError::video_not_found)?;
        }
        reply(body::UpdateVideoInfo)
    }

    /// The first eight pictures of the newest job, as the vendor shows covers.
    async fn first_keys(&self, video: &Video, kind: SnapshotType) -> Result<Vec<String>, ApiError> {
        let job = self.listed_job(video, kind).await?;
        Ok(job.map_or_else(Vec::new, |job| keys::keys(&job, kind).take(8).collect()))
    }

    pub(super) async fn mezzanine_info(&self, command: GetMezzanineInfo) -> Reply {
        let video = self.video(&command.video).await?;
        let stream = video.facts.as_ref().map(stream);
        reply(body::GetMezzanineInfo {
            file_name: file_name(&video),
            video_id: video.id,
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

/// What is told of the one stream of a file.
pub(super) fn stream(facts: &VideoInfo) -> VideoStream {
    VideoStream {
        codec: facts.codec.clone(),
        width: facts.width,
        height: facts.height,
        // An average over rounded times; nobody means more than this by it.
        frame_rate: (facts.frame_rate * 1000.0).round() / 1000.0,
    }
}

/// The last part of its place, as it stands, or of its URL's path.
pub(super) fn file_name(video: &Video) -> String {
    let url_path = || video.file_url.split(['?', '#']).next().unwrap_or_default();
    let path = video.place.as_deref().unwrap_or_else(url_path);
    path.rsplit('/').next().unwrap_or_default().to_owned()
}
