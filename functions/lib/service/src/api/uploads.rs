//! UploadMediaByURL and GetURLUploadInfos.

use super::upload_session::UploadSession;
use super::{Api, Reply, port_failed, reply};
use crate::model::{JobId, Message, Upload, UploadResult, UploadState, UploadTrials, VideoId};
use contract::command::{GetURLUploadInfos, UploadEntry, UploadMediaByURL};
use contract::error::ApiError;
use contract::response::body::{self, UploadInfo, UploadStatus};
use std::collections::BTreeSet;
use tracing::info;

/// The id of the upload of an entry, which an earlier call may have made.
struct EntryId {
    id: JobId,
    is_known: bool,
}

impl Api {
    /// Each URL becomes an upload of its own, which a worker downloads.
    pub(super) async fn upload(&self, command: UploadMediaByURL, user: &str) -> Reply {
        if !self.settings.takes_uploads {
            return Err(ApiError::uploads_are_off());
        }
        let ids = self.entry_ids(&command, user).await?;
        let all: Vec<_> = command.entries.into_iter().zip(ids).collect();
        self.check_upload_references(&all).await?;
        let mut jobs = Vec::new();
        for (entry, EntryId { id, is_known }) in all {
            if is_known {
                jobs.push((id, entry.source_url));
                continue;
            }
            let upload = self.new_upload(id, entry, command.user_data.clone());
            // First: an upload without a message would wait for ever, and be asked for in vain. A
            // message without an upload is dropped after a while.
            let message = Message::Upload {
                job_id: upload.id.clone(),
            };
            self.ports.queue.send(&message).await.map_err(port_failed)?;
            let uploads = &self.ports.uploads;
            uploads.create(&upload).await.map_err(port_failed)?;
            info!(job_id = %upload.id, "an upload was accepted");
            jobs.push((upload.id, upload.source_url));
        }
        reply(body::UploadMediaByURL { jobs })
    }

    /// What an earlier call with the same SessionId came to, for each entry. A call that died has
    /// made some of them; the rest is made by the one that repeats it.
    async fn entry_ids(
        &self,
        command: &UploadMediaByURL,
        user: &str,
    ) -> Result<Vec<EntryId>, ApiError> {
        let places = 0..command.entries.len();
        let Some(session) = &command.session else {
            let new = |_| EntryId {
                id: JobId::random(),
                is_known: false,
            };
            return Ok(places.map(new).collect());
        };
        let session = UploadSession {
            user,
            call: session,
        };
        let now_ms = self.now_ms();
        let mut found = Vec::new();
        for slot in UploadSession::slots(now_ms) {
            found.clear();
            for place in places.clone() {
                let id = session.id(slot, place);
                let known = self.ports.uploads.get(&id).await.map_err(port_failed)?;
                let is_known = known.is_some_and(|upload| UploadSession::lasts(&upload, now_ms));
                found.push(EntryId { id, is_known });
            }
            if found.iter().any(|found| found.is_known) {
                break;
            }
        }
        Ok(found)
    }

    /// A call is refused before it has done a part of its work.
    async fn check_upload_references(
        &self,
        entries: &[(UploadEntry, EntryId)],
    ) -> Result<(), ApiError> {
        let mut own = BTreeSet::new();
        let new = entries.iter().filter(|(_, id)| !id.is_known);
        for reference in new.filter_map(|(entry, _)| entry.reference_id.as_ref()) {
            let holder = self.ports.videos.by_reference(reference).await;
            if !own.insert(reference) || holder.map_err(port_failed)?.is_some() {
                let rule = "ReferenceId is in use by another video.";
                return Err(ApiError::invalid("UploadMetadatas", rule));
            }
        }
        Ok(())
    }

    fn new_upload(&self, id: JobId, entry: UploadEntry, user_data: Option<String>) -> Upload {
        Upload {
            id,
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
            trials: UploadTrials::default(),
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
        job_id: upload.id.clone(),
        upload_url: upload.source_url.clone(),
        status: UploadStatus::Pending,
        media_id: None,
        size_bytes: None,
        created_ms: upload.created_ms,
        completed_ms: None,
        error: None,
        user_data: upload.user_data.clone(),
    };
    let end = match &upload.state {
        UploadState::Pending => return info,
        UploadState::Processing => {
            info.status = UploadStatus::Processing;
            return info;
        }
        UploadState::Ended(end) => end,
    };
    info.completed_ms = Some(end.at_ms);
    match &end.result {
        UploadResult::Success { size_bytes, .. } => {
            info.status = UploadStatus::Success;
            info.media_id = Some(upload.media_id(end));
            info.size_bytes = Some(*size_bytes);
        }
        UploadResult::Fail { code, message } => {
            info.status = UploadStatus::Fail;
            info.error = Some((code.clone(), message.clone()));
        }
    }
    info
}
