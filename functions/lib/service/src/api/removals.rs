//! DeleteImage, DeleteVideo and DeleteMezzanines.
//!
//! A call is answered at once, however much there is to delete: it leaves a message, then a mark
//! by which lists know, and workers do the rest. The message goes first, so that a call that dies
//! in between is as good as done, or as one that never came; either may be repeated.

use super::{Api, Reply, port_failed, reply};
use crate::model::{Message, UnixMs, Video, VideoId};
use crate::uploaded::{remove_uploaded, uploaded_name};
use contract::command::{DeleteImage, DeleteMezzanines, DeleteVideo, VideoRef, VideoRefs};
use contract::error::ApiError;
use contract::id::is_plausible;
use contract::response::body;
use tracing::info;

impl Api {
    pub(super) async fn delete_images(&self, command: DeleteImage) -> Reply {
        let video = self.video(&VideoRef::Id(command.video_id)).await?;
        let until_ms = self.last_accepted_ms(&video.id).await?;
        let message = Message::DeletePictures {
            video_id: video.id.clone(),
            image_type: command.image_type,
            until_ms,
            after: None,
        };
        self.ports.queue.send(&message).await.map_err(port_failed)?;
        let videos = &self.ports.videos;
        let recorded = videos.record_deletion(&video.id, command.image_type, until_ms);
        recorded.await.map_err(port_failed)?;
        info!(video_id = %video.id, "pictures are deleted");
        reply(body::DeleteImage)
    }

    /// Until when jobs were accepted that are there now, whatever clock they were accepted by.
    async fn last_accepted_ms(&self, video_id: &VideoId) -> Result<UnixMs, ApiError> {
        let newest = self.ports.jobs.by_video(video_id, 1).await;
        let newest = newest.map_err(port_failed)?;
        let accepted_ms = newest.first().map_or(UnixMs::MIN, |job| job.created_ms);
        Ok(self.now_ms().max(accepted_ms))
    }

    pub(super) async fn delete_videos(&self, command: DeleteVideo) -> Reply {
        let found = self.videos_named(&command.videos).await?;
        // As the vendor's, who documents it for this action alone.
        if found.videos.is_empty() {
            return Err(ApiError::video_not_found());
        }
        let files = &self.ports.upload_files;
        for video in found.videos {
            let own = uploaded_name(&**files, &video.file_url).await;
            let file_name = own.map_err(port_failed)?;
            let message = Message::DeleteVideo {
                video_id: video.id.clone(),
                file_name: file_name.clone(),
                after: None,
            };
            self.ports.queue.send(&message).await.map_err(port_failed)?;
            // It goes before the video does: while the one is there and the other is not, somebody
            // could register it anew, and lose it.
            if let Some(name) = file_name {
                let removed = remove_uploaded(&self.ports, &name).await;
                removed.map_err(port_failed)?;
            }
            let deleted = self.ports.videos.delete(&video.id).await;
            deleted.map_err(port_failed)?;
            info!(video_id = %video.id, "video deleted");
        }
        reply(body::DeleteVideo {
            missing_ids: found.missing_ids,
            missing_references: found.missing_references,
        })
    }

    /// A source file is its owner's, who registered it and did not give it away: it stays. What was
    /// downloaded here is ours.
    pub(super) async fn delete_mezzanines(&self, command: DeleteMezzanines) -> Reply {
        let found = self.videos_named(&command.videos).await?;
        let (files, mut kept_ids) = (&self.ports.upload_files, Vec::new());
        for video in found.videos {
            let own = uploaded_name(&**files, &video.file_url).await;
            match own.map_err(port_failed)? {
                Some(name) => {
                    let removed = remove_uploaded(&self.ports, &name).await;
                    removed.map_err(port_failed)?;
                }
                None => kept_ids.push(video.id.into()),
            }
        }
        reply(body::DeleteMezzanines {
            kept_ids,
            missing_ids: found.missing_ids,
            missing_references: found.missing_references,
        })
    }

    /// The videos that are there, each once, and what names none.
    pub(super) async fn videos_named(&self, names: &VideoRefs) -> Result<NamedVideos, ApiError> {
        let mut found = NamedVideos::default();
        for id in &names.video_ids {
            let videos = &self.ports.videos;
            // Only what can be one is asked for.
            let video = match is_plausible(id) {
                true => videos
                    .by_id(&id.as_str().into())
                    .await
                    .map_err(port_failed)?,
                false => None,
            };
            match video {
                Some(video) => found.add(video),
                None => found.missing_ids.push(id.clone()),
            }
        }
        for id in &names.reference_ids {
            let video = match is_plausible(id) {
                true => self
                    .ports
                    .videos
                    .by_reference(id)
                    .await
                    .map_err(port_failed)?,
                false => None,
            };
            match video {
                Some(video) => found.add(video),
                None => found.missing_references.push(id.clone()),
            }
        }
        Ok(found)
    }
}

/// What the names of a call stand for.
#[derive(Default)]
pub(super) struct NamedVideos {
    pub(super) videos: Vec<Video>,
    pub(super) missing_ids: Vec<String>,
    pub(super) missing_references: Vec<String>,
}

impl NamedVideos {
    fn add(&mut self, video: Video) {
        if self.videos.iter().all(|known| known.id != video.id) {
            self.videos.push(video);
        }
    }
}
