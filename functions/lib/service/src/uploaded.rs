//! Files that were downloaded here and so are nobody else's: they go with their videos.

use crate::model::Upload;
use crate::ports::{PortResult, UploadFiles};

/// Removes the file of a video that is deleted, if it is one of ours. It goes before the video does:
/// while the one is there and the other is not, somebody could register it anew, and lose it.
pub(crate) async fn remove_uploaded(files: &dyn UploadFiles, file_url: &str) -> PortResult<()> {
    let name = file_url.rsplit('/').next().unwrap_or_default();
    if !Upload::is_file_name(name) {
        return Ok(());
    }
    // A file of a user's may have such a name, too. It lies elsewhere.
    match files.find(name).await? {
        Some((own, _)) if own == file_url => files.remove(name).await,
        Some(_) | None => Ok(()),
    }
}
