//! The way of uploads to other machines.

use service::ports::{DownloadFailure, Downloads, RemoteFile};
use webhook::{DownloadClient, DownloadError};

/// [`Downloads`] that call public addresses and what the operator allowed.
pub(super) struct CheckedDownloads(pub(super) DownloadClient);

impl Downloads for CheckedDownloads {
    fn open(&self, url: &str) -> Result<RemoteFile, DownloadFailure> {
        let found = self.0.open(url).map_err(failure)?;
        Ok(RemoteFile {
            length_bytes: found.length_bytes,
            body: Box::new(found),
        })
    }
}

fn failure(error: DownloadError) -> DownloadFailure {
    match error.is_final() {
        true => DownloadFailure::Refused(error.to_string()),
        false => DownloadFailure::NoAnswer(error.to_string()),
    }
}
