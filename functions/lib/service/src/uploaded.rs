//! Files that were downloaded here and so are nobody else's: they go with their videos.

use crate::model::{JobId, Upload, UploadEnd, UploadResult, UploadState};
use crate::ports::{PortResult, Ports, UploadFiles};

/// The name of a video's file, if it is one of ours.
pub(crate) async fn uploaded_name(
    files: &dyn UploadFiles,
    file_url: &str,
) -> PortResult<Option<String>> {
    let name = file_url.rsplit('/').next().unwrap_or_default();
    if !Upload::is_file_name(name) {
        return Ok(None);
    }
    // A file of a user's may have such a name, too. It lies elsewhere.
    let found = files.find(name).await?;
    let is_own = found.is_some_and(|(own, _)| own == file_url);
    Ok(is_own.then(|| name.to_owned()))
}

/// Removes a file of ours. Its upload has come to its end: a run that died after it had registered
/// the video would otherwise be repeated, and bring the video back.
pub(crate) async fn remove_uploaded(ports: &Ports, name: &str) -> PortResult<()> {
    if let Some((file_url, size_bytes)) = ports.upload_files.find(name).await? {
        let id = name.split('.').next().unwrap_or_default();
        let result = UploadResult::Success {
            size_bytes,
            file_url,
            known_video_id: None,
        };
        end(ports, &id.into(), result).await?;
    }
    ports.upload_files.remove(name).await
}

async fn end(ports: &Ports, id: &JobId, result: UploadResult) -> PortResult<()> {
    let upload = ports.uploads.get(id).await?;
    if upload.is_none_or(|upload| matches!(upload.state, UploadState::Ended(_))) {
        return Ok(());
    }
    let at_ms = ports.clock.now_ms();
    ports.uploads.end(id, &UploadEnd { at_ms, result }).await?;
    Ok(())
}
