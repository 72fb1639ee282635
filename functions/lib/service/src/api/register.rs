//! RegisterMedia: files become videos.

use super::{Api, Reply, port_failed, reply};
use crate::model::{Message, Video, VideoStatus};
use crate::ports::{Registration, SourceError};
use contract::command::{MediaEntry, RegisterMedia, RejectedEntry};
use contract::error::ApiError;
use contract::response::body::{self, RegisteredMedia};
use source::RangeSource;
use std::sync::Arc;
use tracing::info;

/// What became of one entry: a rejected one is no reason to refuse the others.
type Registered = Result<RegisteredMedia, RejectedEntry>;

const NO_FILE: &str = "The file does not exist or may not be read.";
const UNREADABLE: &str = "The file can't be read at the moment: the service has no permission to read \
                          it, or the place where it lies is not available.";

impl Api {
    pub(super) async fn register(&self, command: RegisterMedia) -> Reply {
        let mut body = body::RegisterMedia {
            registered: Vec::new(),
            failed_file_urls: Vec::new(),
            reasons: Vec::new(),
        };
        for entry in &command.entries {
            let registered = match entry {
                Ok(entry) => self.register_one(entry, &command).await?,
                Err(rejected) => Err(rejected.clone()),
            };
            match registered {
                Ok(media) => body.registered.push(media),
                Err(RejectedEntry { file_url, reason }) => {
                    info!(reason, "not registered");
                    body.failed_file_urls.push(file_url);
                    body.reasons.push(reason);
                }
            }
        }
        reply(body)
    }

    async fn register_one(
        &self,
        entry: &MediaEntry,
        command: &RegisterMedia,
    ) -> Result<Registered, ApiError> {
        let file = match self.open(&entry.file_url).await? {
            Ok(file) => file,
            Err(reason) => return Ok(Err(rejected(entry, reason))),
        };
        let new = self.new_video(entry, command, &*file);
        let registration = self.ports.videos.register(new).await;
        let (video, new_register) = match registration.map_err(port_failed)? {
            Registration::New(video) => (video, true),
            Registration::Known(video) => (video, false),
            Registration::ReferenceTaken => {
                let reason = "ReferenceId is in use by another video.";
                return Ok(Err(rejected(entry, reason)));
            }
        };
        self.look_into(&video, &*file).await?;
        Ok(Ok(RegisteredMedia {
            file_url: entry.file_url.clone(),
            media_id: video.id,
            new_register,
        }))
    }

    /// The file, or why there is none. The reason is the same where there is no such file and where
    /// it may not be read, so that nobody learns what lies outside.
    async fn open(
        &self,
        file_url: &str,
    ) -> Result<Result<Arc<dyn RangeSource>, &'static str>, ApiError> {
        match self.ports.sources.open(file_url).await {
            Ok(file) => Ok(Ok(file)),
            Err(
                cause @ (SourceError::NotFound | SourceError::Missing | SourceError::NotAllowed),
            ) => {
                info!(%cause, "no file");
                Ok(Err(NO_FILE))
            }
            Err(SourceError::Unreadable(cause)) => {
                tracing::warn!(cause, "a file can't be read");
                Ok(Err(UNREADABLE))
            }
            Err(SourceError::Unavailable(cause)) => {
                tracing::error!(cause, "a source did not answer");
                Err(ApiError::unavailable())
            }
        }
    }

    /// Has the file looked into unless that was done with this content of it. Its duration and size
    /// are told once this is done; a job does not wait for it. Asked for again for a known video: an
    /// earlier call may have ended before it was.
    pub(super) async fn look_into(
        &self,
        video: &Video,
        file: &dyn RangeSource,
    ) -> Result<(), ApiError> {
        if video.is_known_of(file) {
            return Ok(());
        }
        if video.was_replaced_by(file) {
            let (videos, now_ms) = (&self.ports.videos, self.now_ms());
            let forgotten = videos
                .record_replaced(&video.id, file.bytes(), now_ms)
                .await;
            forgotten.map_err(port_failed)?;
        }
        let message = Message::Probe {
            video_id: video.id.clone(),
        };
        self.ports.queue.send(&message).await.map_err(port_failed)
    }

    fn new_video(
        &self,
        entry: &MediaEntry,
        command: &RegisterMedia,
        file: &dyn RangeSource,
    ) -> Video {
        let (file_url, title) = (&entry.file_url, &entry.title);
        Video {
            place: file.place(),
            description: entry.description.clone(),
            tags: entry.tags.clone(),
            cate_id: entry.cate_id,
            reference_id: entry.reference_id.clone(),
            user_data: command.user_data.clone(),
            cover_url: entry.cover_url.clone(),
            status: VideoStatus::registered(command.is_playable),
            ..Video::new(file_url, title, file.bytes(), self.now_ms())
        }
    }
}

fn rejected(entry: &MediaEntry, reason: &str) -> RejectedEntry {
    RejectedEntry {
        file_url: entry.file_url.clone(),
        reason: reason.to_owned(),
    }
}
