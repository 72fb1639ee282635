use super::PortResult;
use crate::model::{JobId, Upload, UploadEnd, UploadTrials};
use async_trait::async_trait;
use bytes::Bytes;
use std::io::Read;
use thiserror::Error;

/// The uploads by URL.
#[async_trait]
pub trait Uploads: Send + Sync {
    /// Stores a new upload, Pending. One that is there with its id stays as it is; a body may refuse
    /// the new one then.
    async fn create(&self, upload: &Upload) -> PortResult<()>;

    /// The upload with this id; any string may be asked for.
    async fn get(&self, id: &JobId) -> PortResult<Option<Upload>>;

    /// The newest upload of this URL, in whatever spelling: see [`url_key`](crate::model::url_key).
    /// Those of earlier releases may be found in their own spelling alone.
    async fn by_url(&self, source_url: &str) -> PortResult<Option<Upload>>;

    /// Remembers that a worker has it; one that has ended stays as it is.
    async fn start(&self, id: &JobId) -> PortResult<()>;

    /// Remembers what its runs came to; one that has ended, or is not there, stays as it is.
    async fn record_trials(&self, id: &JobId, trials: UploadTrials) -> PortResult<()>;

    /// Ends the upload if it has not ended: one conditional write. Gives the end that holds from
    /// now on.
    async fn end(&self, id: &JobId, end: &UploadEnd) -> PortResult<UploadEnd>;

    /// Remembers that its events are published.
    async fn record_published(&self, id: &JobId) -> PortResult<()>;
}

/// Where uploaded files lie: a place of our own, which no user's file shares. A name is
/// `[A-Za-z0-9_-]`, a point and an extension.
#[async_trait]
pub trait UploadFiles: Send + Sync {
    /// Begins a file. It has its name once it is finished and not before, in place of one of the
    /// same name; what is not finished is removed, after a crash too.
    async fn begin(&self, name: &str) -> PortResult<Box<dyn UploadWriter>>;

    /// The FileURL and the bytes of a finished file.
    async fn find(&self, name: &str) -> PortResult<Option<(String, u64)>>;

    /// The bytes of all finished files.
    async fn used_bytes(&self) -> PortResult<u64>;

    /// How many more bytes may be written, less what the rest of the service needs of the same
    /// place; none where it has no end. It may be less the next moment.
    async fn free_bytes(&self) -> PortResult<Option<u64>> {
        Ok(None)
    }

    /// Removes a finished file; none there is fine.
    async fn remove(&self, name: &str) -> PortResult<()>;
}

/// A file that is being written. One that is dropped is not finished.
#[async_trait]
pub trait UploadWriter: Send {
    /// Adds bytes at its end.
    async fn write(&mut self, bytes: Bytes) -> PortResult<()>;

    /// Gives the file its name. Kept when this returns.
    async fn finish(self: Box<Self>) -> PortResult<()>;

    /// Removes what was written.
    async fn discard(self: Box<Self>);
}

/// Why a URL gives no file, in a sentence without its end.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DownloadFailure {
    /// It never will.
    #[error("{0}")]
    Refused(String),
    /// It may the next time.
    #[error("{0}")]
    NoAnswer(String),
}

/// What is at a URL.
pub struct RemoteFile {
    /// As its server announced.
    pub length_bytes: Option<u64>,
    /// An error of it may pass; fewer bytes than announced are one.
    pub body: Box<dyn Read + Send>,
}

/// The way to other machines. Whoever stands behind it checks each address that is called, and
/// bounds how long an answer may take.
pub trait Downloads: Send + Sync {
    /// Calls `url`. Blocks.
    ///
    /// # Errors
    /// See [`DownloadFailure`].
    fn open(&self, url: &str) -> Result<RemoteFile, DownloadFailure>;
}
