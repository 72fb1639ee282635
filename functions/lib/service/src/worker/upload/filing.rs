//! From a finished file to a video.

use crate::model::{Upload, UploadResult, UploadTrials, Video, VideoId, VideoStatus};
use crate::pictures::Interrupted;
use crate::ports::Registration;
use crate::worker::Worker;
use contract::error::ErrorCode;
use tracing::info;

impl Worker {
    /// The FileURL and the bytes of the file that an earlier run came to.
    pub(super) async fn existing_file(
        &self,
        upload: &Upload,
    ) -> Result<Option<(String, u64)>, Interrupted> {
        let found = self.ports.upload_files.find(&upload.file_name()).await?;
        if found.is_some() || !upload.trials.has_file {
            return Ok(found);
        }
        // Somebody deleted it: it is not downloaded again.
        let video = self.ports.videos.by_id(&upload.video_id).await?;
        let video = video.ok_or_else(deleted)?;
        Ok(Some((video.file_url, video.size_bytes)))
    }

    /// Registers the finished file.
    pub(super) async fn register_upload(
        &self,
        upload: &Upload,
        (file_url, size_bytes): (String, u64),
    ) -> Result<UploadResult, Interrupted> {
        self.record_file(upload).await?;
        // Where it can't be looked at now, its URL leads to it.
        let source = self.ports.sources.open(&file_url).await.ok();
        let video = Video {
            place: source.and_then(|source| source.place()),
            ..self.video_of(upload, &file_url, size_bytes)
        };
        let known_video_id = match self.ports.videos.register(video).await? {
            Registration::ReferenceTaken => {
                let message = "ReferenceId is in use by another video.";
                return Err(Interrupted::failed(ErrorCode::UploadReference, message));
            }
            Registration::Known(known) => Some(known.id).filter(|id| *id != upload.video_id),
            Registration::New(video) => {
                self.check_file(upload, &video.id).await?;
                None
            }
        };
        info!(video_id = %upload.video_id, size_bytes, "uploaded");
        Ok(UploadResult::Success {
            size_bytes,
            file_url,
            known_video_id,
        })
    }

    /// Before there is a video, which somebody may delete.
    async fn record_file(&self, upload: &Upload) -> Result<(), Interrupted> {
        if upload.trials.has_file {
            return Ok(());
        }
        let trials = UploadTrials {
            has_file: true,
            ..upload.trials
        };
        let recorded = self.ports.uploads.record_trials(&upload.id, trials).await;
        Ok(recorded?)
    }

    /// Who deletes a video that an earlier run registered removes the file first. Where that is
    /// gone now, this run has registered the video anew.
    async fn check_file(&self, upload: &Upload, new: &VideoId) -> Result<(), Interrupted> {
        let found = self.ports.upload_files.find(&upload.file_name()).await?;
        if found.is_some() {
            return Ok(());
        }
        self.ports.videos.delete(new).await?;
        Err(deleted())
    }

    fn video_of(&self, upload: &Upload, file_url: &str, size_bytes: u64) -> Video {
        let now_ms = self.ports.clock.now_ms();
        Video {
            id: upload.video_id.clone(),
            description: upload.description.clone(),
            tags: upload.tags.clone(),
            cate_id: upload.cate_id,
            reference_id: upload.reference_id.clone(),
            user_data: upload.user_data.clone(),
            cover_url: upload.cover_url.clone(),
            status: VideoStatus::registered(upload.is_playable),
            ..Video::new(file_url, &upload.title, size_bytes, now_ms)
        }
    }
}

fn deleted() -> Interrupted {
    let message = "The video of this upload was deleted before the upload had ended.";
    Interrupted::failed(ErrorCode::ResourceNotFound, message)
}
