//! Files that were downloaded here and so are nobody else's: they go with their videos.

use crate::model::{JobId, Upload, UploadEnd, UploadResult, UploadState};
use crate::ports::{PortResult, Ports};

/// Removes the file of a video that is deleted, if it is one of ours. It goes before the video does:
/// while the one is there and the other is not, somebody could register it anew, and lose it.
pub(crate) async fn remove_uploaded(ports: &Ports, file_url: &str) -> PortResult<()> {
    let name = file_url.rsplit('/').next().unwrap_or_default();
    if !Upload::is_file_name(name) {
        return Ok(());
    }
    let files = &ports.upload_files;
    // A file of a user's may have such a name, too. It lies elsewhere.
    let size_bytes = match files.find(name).await? {
        Some((own, size_bytes)) if own == file_url => size_bytes,
        Some(_) | None => return Ok(()),
    };
    let id = name.split('.').next().unwrap_or_default();
    let result = UploadResult::Success {
        size_bytes,
        file_url: file_url.to_owned(),
    };
    end(ports, &id.into(), result).await?;
    files.remove(name).await
}

/// Its upload has come to its end: a run that died after it had registered the video would otherwise
/// be repeated, and bring the video back.
async fn end(ports: &Ports, id: &JobId, result: UploadResult) -> PortResult<()> {
    let upload = ports.uploads.get(id).await?;
    if upload.is_none_or(|upload| matches!(upload.state, UploadState::Ended(_))) {
        return Ok(());
    }
    let at_ms = ports.clock.now_ms();
    ports.uploads.end(id, &UploadEnd { at_ms, result }).await?;
    Ok(())
}
