//! How an upload ends, and what is left to do then.

use crate::model::{Message, Upload, UploadEnd, UploadResult};
use crate::pictures::Interrupted;
use crate::worker::Worker;
use contract::error::ErrorCode;

impl Worker {
    /// The end that holds from now on.
    pub(super) async fn end_upload(
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
    pub(super) async fn settle_upload(
        &self,
        upload: &Upload,
        end: &UploadEnd,
    ) -> Result<(), Interrupted> {
        // Whether or not its events are out: a worker that was slower than the one that ended it
        // may have come to a file since.
        if let UploadResult::Fail { .. } = end.result {
            self.undo_upload(upload).await?;
        }
        if upload.events_published {
            return Ok(());
        }
        self.publish_upload(upload, end).await?;
        if let UploadResult::Success { .. } = end.result {
            let message = Message::Probe {
                video_id: upload.media_id(end),
            };
            self.ports.queue.send(&message).await?;
        }
        Ok(self.ports.uploads.record_published(&upload.id).await?)
    }

    /// Leaves neither a file nor a video, and nothing of jobs that somebody submitted of it.
    async fn undo_upload(&self, upload: &Upload) -> Result<(), Interrupted> {
        let (files, videos) = (&self.ports.upload_files, &self.ports.videos);
        let name = upload.file_name();
        if videos.by_id(&upload.video_id).await?.is_some() {
            let message = Message::DeleteVideo {
                video_id: upload.video_id.clone(),
                file_name: Some(name.clone()),
                after: None,
            };
            self.ports.queue.send(&message).await?;
            files.remove(&name).await?;
            videos.delete(&upload.video_id).await?;
        }
        Ok(files.remove(&name).await?)
    }
}

pub(super) fn failed(code: ErrorCode, message: &str) -> UploadResult {
    UploadResult::Fail {
        code: code.name().to_owned(),
        message: message.to_owned(),
    }
}
