//! The events of an upload that has ended.

use crate::model::{Event, Upload, UploadEnd, UploadResult};
use crate::pictures::Interrupted;
use crate::worker::Worker;
use contract::event::{FileUploadComplete, UploadByUrlComplete, UploadOutcome};
use contract::user_data::UserData;

impl Worker {
    /// That the file is there, as for any new file, and that the upload has ended.
    pub(super) async fn publish_upload(
        &self,
        upload: &Upload,
        end: &UploadEnd,
    ) -> Result<(), Interrupted> {
        let events = [file_event(upload, end), Some(end_event(upload, end))];
        let own = user_data(upload).and_then(|data| data.callback);
        let own = own.map(|callback| callback.url);
        for mut event in events.into_iter().flatten() {
            event.callback_url = self.callback_url(event.event_type, own.clone()).await?;
            self.ports.events.publish(&event).await?;
        }
        Ok(())
    }
}

fn user_data(upload: &Upload) -> Option<UserData> {
    UserData::read(upload.user_data.as_deref()?).ok().flatten()
}

fn file_event(upload: &Upload, end: &UploadEnd) -> Option<Event> {
    let UploadResult::Success {
        size_bytes,
        file_url,
        ..
    } = &end.result
    else {
        return None;
    };
    let fact = FileUploadComplete {
        event_ms: end.at_ms,
        video_id: upload.media_id(end),
        size_bytes: *size_bytes,
        file_url: file_url.clone(),
    };
    Some(Event {
        id: format!("FileUploadComplete-{}", upload.id),
        event_type: FileUploadComplete::TYPE,
        status: FileUploadComplete::STATUS,
        video_id: upload.media_id(end),
        job_id: None,
        snapshot_type: None,
        at_ms: end.at_ms,
        callback_url: None,
        body: fact.to_bytes(),
    })
}

fn end_event(upload: &Upload, end: &UploadEnd) -> Event {
    let fact = UploadByUrlComplete {
        event_ms: end.at_ms,
        job_id: upload.id.clone(),
        source_url: upload.source_url.clone(),
        extend: user_data(upload).and_then(|data| data.extend),
        outcome: match &end.result {
            UploadResult::Success { size_bytes, .. } => UploadOutcome::Success {
                video_id: upload.media_id(end),
                size_bytes: *size_bytes,
            },
            UploadResult::Fail { code, message } => UploadOutcome::Fail {
                code: code.clone(),
                message: message.clone(),
            },
        },
    };
    Event {
        id: format!("UploadByURLComplete-{}", upload.id),
        event_type: UploadByUrlComplete::TYPE,
        status: fact.status(),
        video_id: upload.media_id(end),
        job_id: Some(upload.id.clone()),
        snapshot_type: None,
        at_ms: end.at_ms,
        callback_url: None,
        body: fact.to_bytes(),
    }
}
