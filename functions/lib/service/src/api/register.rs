//! RegisterMedia: files become videos.

use super::{Api, Reply, port_failed, reply};
use crate::model::{Deletions, Message, Video, VideoId, VideoStatus};
use crate::ports::{Registration, SourceError};
use contract::command::{MediaEntry, RegisterMedia};
use contract::error::ApiError;
use contract::response::body::{self, RegisteredMedia};
use tracing::info;

/// With this TemplateGroupId a video is playable at once.
const NO_TRANSCODE: &str = "VOD_NO_TRANSCODE";

impl Api {
    pub(super) async fn register(&self, command: RegisterMedia) -> Reply {
        self.check_references(&command).await?;
        let mut body = body::RegisterMedia {
            registered: Vec::new(),
            failed_file_urls: Vec::new(),
        };
        for entry in &command.entries {
            match self.register_one(entry, &command).await? {
                Some(media) => body.registered.push(media),
                None => body.failed_file_urls.push(entry.file_url.clone()),
            }
        }
        reply(body)
    }

    /// A call is refused before it has done a part of its work. Of two calls at once the later
    /// write is refused all the same.
    async fn check_references(&self, command: &RegisterMedia) -> Result<(), ApiError> {
        for entry in &command.entries {
            let Some(reference) = &entry.reference_id else {
                continue;
            };
            let holder = self.ports.videos.by_reference(reference).await;
            let holder = holder.map_err(port_failed)?;
            if holder.is_some_and(|video| video.file_url != entry.file_url) {
                return Err(reference_taken());
            }
        }
        Ok(())
    }

    /// None where there is no such file, or none that may be read: the answer is the same, so
    /// that nobody learns what lies outside.
    async fn register_one(
        &self,
        entry: &MediaEntry,
        command: &RegisterMedia,
    ) -> Result<Option<RegisteredMedia>, ApiError> {
        let size_bytes = match self.ports.sources.open(&entry.file_url).await {
            Ok(file) => file.bytes(),
            Err(
                cause @ (SourceError::NotFound | SourceError::Missing | SourceError::NotAllowed),
            ) => {
                info!(%cause, "not registered");
                return Ok(None);
            }
            Err(SourceError::Unavailable(cause)) => {
                tracing::error!(cause, "a source did not answer");
                return Err(ApiError::unavailable());
            }
        };
        let video = self.new_video(entry, command, size_bytes);
        let (video, new_register) = match self
            .ports
            .videos
            .register(video)
            .await
            .map_err(port_failed)?
        {
            Registration::New(video) => (video, true),
            Registration::Known(video) => (video, false),
            Registration::ReferenceTaken => return Err(reference_taken()),
        };
        let media_id = video.id;
        if video.facts.is_none() {
            // Its duration and size are told once this is done; a job does not wait for it. Sent
            // again for a known one: an earlier call may have ended before it was.
            let message = Message::Probe {
                video_id: media_id.clone(),
            };
            self.ports.queue.send(&message).await.map_err(port_failed)?;
        }
        Ok(Some(RegisteredMedia {
            file_url: entry.file_url.clone(),
            media_id,
            new_register,
        }))
    }

    fn new_video(&self, entry: &MediaEntry, command: &RegisterMedia, size_bytes: u64) -> Video {
        let now_ms = self.now_ms();
        let playable = command.template_group_id.as_deref() == Some(NO_TRANSCODE);
        Video {
            id: VideoId::random(),
            file_url: entry.file_url.clone(),
            title: entry.title.clone(),
            description: entry.description.clone(),
            tags: entry.tags.clone(),
            cate_id: entry.cate_id,
            reference_id: entry.reference_id.clone(),
            user_data: command.user_data.clone(),
            cover_url: entry.cover_url.clone(),
            status: if playable {
                VideoStatus::Normal
            } else {
                VideoStatus::UploadSucc
            },
            created_ms: now_ms,
            modified_ms: now_ms,
            size_bytes,
            facts: None,
            deletions: Deletions::default(),
        }
    }
}

fn reference_taken() -> ApiError {
    let rule = "ReferenceId is in use by another video.";
    ApiError::invalid("RegisterMetadatas", rule)
}
