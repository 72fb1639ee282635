//! Files that were downloaded here and so are nobody else's: they go with their videos.

use crate::model::Upload;
use crate::ports::{PortResult, UploadFiles};

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
