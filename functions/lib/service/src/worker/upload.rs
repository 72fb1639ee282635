//! One upload by URL, from its message to a registered video and its events.

mod copy;
mod events;

use super::upload_settings::UploadSettings;
use super::{RunContext, Worker};
use crate::model::{
    JobId, Message, Upload, UploadEnd, UploadResult, UploadState, Video, VideoStatus,
};
use crate::pictures::Interrupted;
use crate::ports::Registration;
use contract::error::ErrorCode;
use tracing::info;

impl Worker {
    /// However often its message is delivered, an upload is one file, one video and one of each
    /// event.
    pub(super) async fn upload(
        &self,
        id: &JobId,
        settings: &UploadSettings,
        run: &RunContext,
    ) -> Result<(), Interrupted> {
        let Some(upload) = self.ports.uploads.get(id).await? else {
            return Ok(());
        };
        let end = match &upload.state {
            UploadState::Ended(end) => end.clone(),
            UploadState::Pending | UploadState::Processing => {
                self.ports.uploads.start(id).await?;
                let result = self.download(&upload, settings, run).await?;
                self.end_upload(&upload, result).await?
            }
        };
        self.settle_upload(&upload, &end).await
    }

    /// Ends an upload whose message its queue has given up.
    pub(super) async fn give_up_upload(&self, id: &JobId) -> Result<(), Interrupted> {
        let Some(upload) = self.ports.uploads.get(id).await? else {
            return Ok(());
        };
        let message = "The message of the upload was delivered too often.";
        let result = failed(ErrorCode::TransientFailure, message);
        let end = self.end_upload(&upload, result).await?;
        self.settle_upload(&upload, &end).await
    }

    async fn end_upload(
        &self,
        upload: &Upload,
        result: UploadResult,
    ) -> Result<UploadEnd, Interrupted> {
        let end = UploadEnd {
            at_ms: self.ports.clock.now_ms(),
            result,
        };
        Ok(self.ports.uploads.end(&upload.id, &end).await?)
    }

    /// What is left to do for an upload that has ended.
    async fn settle_upload(&self, upload: &Upload, end: &UploadEnd) -> Result<(), Interrupted> {
        if upload.events_published {
            return Ok(());
        }
        if let UploadResult::Fail { .. } = end.result {
            // No video has the file: it is registered before the upload ends well.
            self.ports.upload_files.remove(&upload.file_name()).await?;
        }
        self.publish_upload(upload, end).await?;
        if let UploadResult::Success { .. } = end.result {
            let message = Message::Probe {
                video_id: upload.video_id.clone(),
            };
            self.ports.queue.send(&message).await?;
        }
        Ok(self.ports.uploads.record_published(&upload.id).await?)
    }

    /// The verdict on an upload, or why it is to run again.
    async fn download(
        &self,
        upload: &Upload,
        settings: &UploadSettings,
        run: &RunContext,
    ) -> Result<UploadResult, Interrupted> {
        let filed = match self.file(upload, settings, run).await {
            Ok(filed) => filed,
            Err(Interrupted::Failed(failure)) => {
                return Ok(failed(failure.code, &failure.message));
            }
            Err(Interrupted::Retry(cause))
                if self.has_passed(self.wait_limits.day, upload.created_ms) =>
            {
                tracing::error!(cause, "an upload met nothing but trouble for a day");
                let message = "For a day the upload met nothing but temporary failures.";
                return Ok(failed(ErrorCode::TransientFailure, message));
            }
            Err(stop) => return Err(stop),
        };
        let (file_url, size_bytes) = filed;
        // Where it can't be looked at now, its URL leads to it.
        let source = self.ports.sources.open(&file_url).await.ok();
        let video = Video {
            place: source.and_then(|source| source.place()),
            ..self.video_of(upload, &file_url, size_bytes)
        };
        if let Registration::ReferenceTaken = self.ports.videos.register(video).await? {
            let message = "ReferenceId is in use by another video.";
            return Ok(failed(ErrorCode::UploadReference, message));
        }
        info!(video_id = %upload.video_id, size_bytes, "uploaded");
        Ok(UploadResult::Success {
            size_bytes,
            file_url,
        })
    }

    /// The finished file: the one of an earlier run, or a new one.
    async fn file(
        &self,
        upload: &Upload,
        settings: &UploadSettings,
        run: &RunContext,
    ) -> Result<(String, u64), Interrupted> {
        let (files, name) = (&self.ports.upload_files, upload.file_name());
        if let Some(found) = files.find(&name).await? {
            return Ok(found);
        }
        self.copy(upload, settings, run).await?;
        let found = files.find(&name).await?;
        found.ok_or_else(|| Interrupted::Retry("the uploaded file has gone".to_owned()))
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

fn failed(code: ErrorCode, message: &str) -> UploadResult {
    UploadResult::Fail {
        code: code.name().to_owned(),
        message: message.to_owned(),
    }
}
