//! UploadMediaByURL and GetURLUploadInfos.

use super::{Api, Reply, port_failed, reply};
use crate::model::{JobId, Message, Upload, UploadResult, UploadState, VideoId};
use contract::command::{GetURLUploadInfos, UploadEntry, UploadMediaByURL};
use contract::error::ApiError;
use contract::response::body::{self, UploadInfo, UploadStatus};
use std::collections::BTreeSet;
use tracing::info;

impl Api {
    /// Each URL becomes an upload of its own, which a worker downloads.
    pub(super) async fn upload(&self, command: UploadMediaByURL) -> Reply {
        if !self.settings.takes_uploads {
            return Err(ApiError::uploads_are_off());
        }
        self.check_upload_references(&command.entries).await?;
        let mut jobs = Vec::new();
        for entry in command.entries {
            let upload = self.new_upload(entry, command.user_data.clone());
            let uploads = &self.ports.uploads;
            uploads.create(&upload).await.map_err(port_failed)?;
            let message = Message::Upload {
                job_id: upload.id.clone(),
            };
            self.ports.queue.send(&message).await.map_err(port_failed)?;
            info!(job_id = %upload.id, "an upload was accepted");
            jobs.push((upload.id, upload.source_url));
        }
        reply(body::UploadMediaByURL { jobs })
    }

    /// A call is refused before it has done a part of its work.
    async fn check_upload_references(&self, entries: &[UploadEntry]) -> Result<(), ApiError> {
        let mut own = BTreeSet::new();
        for reference in entries
            .iter()
            .filter_map(|entry| entry.reference_id.as_ref())
        {
            let holder = self.ports.videos.by_reference(reference).await;
            if !own.insert(reference) || holder.map_err(port_failed)?.is_some() {
                let rule = "ReferenceId is in use by another video.";
                return Err(ApiError::invalid("UploadMetadatas", rule));
            }
        }
        Ok(())
    }

    fn new_upload(&self, entry: UploadEntry, user_data: Option<String>) -> Upload {
        Upload {
            id: JobId::random(),
            video_id: VideoId::random(),
            source_url: entry.source_url,
            extension: entry.extension,
            title: entry.title,
            description: entry.description,
            tags: entry.tags,
            cover_url: entry.cover_url,
            cate_id: entry.cate_id,
            reference_id: entry.reference_id,
            is_playable: entry.is_playable,
            user_data,
            created_ms: self.now_ms(),
            state: UploadState::Pending,
            events_published: false,
        }
    }

    pub(super) async fn upload_infos(&self, command: GetURLUploadInfos) -> Reply {
        let (mut infos, mut non_exists) = (Vec::new(), Vec::new());
        let uploads = &self.ports.uploads;
        let mut tell = |found: Option<Upload>, asked: String| match found {
            Some(upload) => infos.push(info_of(upload)),
            None => non_exists.push(asked),
        };
        match command {
            GetURLUploadInfos::Jobs(ids) => {
                for id in ids {
                    let found = uploads.get(&id).await.map_err(port_failed)?;
                    tell(found, id.into());
                }
            }
            GetURLUploadInfos::Urls(urls) => {
                for url in urls {
                    let found = uploads.by_url(&url).await.map_err(port_failed)?;
                    tell(found, url);
                }
            }
        }
        reply(body::GetURLUploadInfos { infos, non_exists })
    }
}

fn info_of(upload: Upload) -> UploadInfo {
    let mut info = UploadInfo {
        job_id: upload.id,
        upload_url: upload.source_url,
        status: UploadStatus::Pending,
        media_id: None,
        size_bytes: None,
        created_ms: upload.created_ms,
        completed_ms: None,
        error: None,
        user_data: upload.user_data,
    };
    let end = match upload.state {
        UploadState::Pending => return info,
        UploadState::Processing => {
            info.status = UploadStatus::Processing;
            return info;
        }
        UploadState::Ended(end) => end,
    };
    info.completed_ms = Some(end.at_ms);
    match end.result {
        UploadResult::Success { size_bytes, .. } => {
            info.status = UploadStatus::Success;
            (info.media_id, info.size_bytes) = (Some(upload.video_id), Some(size_bytes));
        }
        UploadResult::Fail { code, message } => {
            (info.status, info.error) = (UploadStatus::Fail, Some((code, message)));
        }
    }
    info
}
