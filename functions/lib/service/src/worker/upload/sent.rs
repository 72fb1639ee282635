//! A file that a client sends in the body of a request. It becomes a video at once: whoever sends it
//! waits for that.

use super::copy::finish_file;
use super::room::Room;
use super::stop::CopyStop;
use crate::model::{JobId, Message, Video, VideoStatus};
use crate::pictures::{Interrupted, JobFailure};
use crate::ports::{PortError, Registration, UploadWriter};
use crate::worker::Worker;
use async_trait::async_trait;
use bytes::Bytes;
use contract::error::ErrorCode;
use thiserror::Error;
use tracing::info;

/// What a client says of the file that it sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentFile {
    /// Of the video.
    pub title: String,
    /// Of the file's name, such as `mp4`: letters and digits.
    pub extension: String,
    /// What its sender announced.
    pub length_bytes: Option<u64>,
}

/// The bytes of a file, as they arrive.
#[async_trait]
pub trait SentBytes: Send {
    /// The next ones; none at the end of the file.
    ///
    /// # Errors
    /// The sender broke off, or is too slow: in words for a person.
    async fn next(&mut self) -> Result<Option<Bytes>, String>;
}

/// Why a file that was sent is not kept.
#[derive(Debug, Error)]
pub enum SentFileError {
    /// It may not be kept: it is too large, or there is no room for it.
    #[error("{}", .0.message)]
    Refused(JobFailure),
    /// It did not arrive whole.
    #[error("{0}")]
    BrokenOff(String),
    /// It could not be kept this time; for the log.
    #[error("{0}")]
    NotStored(String),
}

impl Worker {
    /// Whether files that clients send are kept.
    #[must_use]
    pub fn takes_sent_files(&self) -> bool {
        self.uploads
            .as_ref()
            .is_some_and(|desk| desk.settings.quota_bytes > 0)
    }

    /// Keeps a file that arrives as `body`, within what one file and all files may have, and
    /// registers it. Of one that does not arrive whole nothing is left.
    ///
    /// # Errors
    /// See [`SentFileError`].
    pub async fn keep_sent_file(
        &self,
        file: &SentFile,
        body: &mut dyn SentBytes,
    ) -> Result<Video, SentFileError> {
        let Some(desk) = self.uploads.as_deref() else {
            let message = "Uploads are switched off.";
            return Err(SentFileError::Refused(JobFailure::new(
                ErrorCode::UploadQuota,
                message,
            )));
        };
        let files = &*self.ports.upload_files;
        let name = format!("{}.{}", JobId::random(), file.extension);
        let mut room = Room::beside_others(desk, files).await?;
        room.check(file.length_bytes.unwrap_or_default().max(1))
            .await?;
        let mut writer = files.begin(&name).await?;
        let bytes = match receive(body, &mut *writer, &mut room).await {
            Ok(bytes) => bytes,
            Err(stop) => {
                writer.discard().await;
                return Err(stop);
            }
        };
        let always = async { Ok(()) };
        let (file_url, bytes) =
            finish_file((desk, files), &mut room, (writer, &name), bytes, always).await?;
        self.register_sent(file, &name, &file_url, bytes).await
    }

    async fn register_sent(
        &self,
        file: &SentFile,
        name: &str,
        file_url: &str,
        bytes: u64,
    ) -> Result<Video, SentFileError> {
        // Where it can't be looked at now, its URL leads to it.
        let source = self.ports.sources.open(file_url).await.ok();
        let new = Video {
            place: source.and_then(|source| source.place()),
            status: VideoStatus::UploadSucc,
            ..Video::new(file_url, &file.title, bytes, self.ports.clock.now_ms())
        };
        let registered = self.ports.videos.register(new).await;
        let video = match registered {
            Ok(Registration::New(video) | Registration::Known(video)) => video,
            refused => {
                // A file without a video would be found by nobody.
                self.ports.upload_files.remove(name).await?;
                refused?;
                return Err(SentFileError::NotStored("it was not registered".to_owned()));
            }
        };
        let message = Message::Probe {
            video_id: video.id.clone(),
        };
        self.ports.queue.send(&message).await?;
        info!(video_id = %video.id, bytes, "a file was sent and kept");
        Ok(video)
    }
}

/// Writes what comes; how many bytes that were.
async fn receive(
    body: &mut dyn SentBytes,
    writer: &mut dyn UploadWriter,
    room: &mut Room<'_>,
) -> Result<u64, SentFileError> {
    let mut written = 0;
    while let Some(bytes) = body.next().await.map_err(SentFileError::BrokenOff)? {
        let more = bytes.len() as u64;
        room.keep(written + more, more).await?;
        writer.write(bytes).await?;
        written += more;
    }
    match written {
        0 => Err(SentFileError::BrokenOff("The file is empty.".to_owned())),
        bytes => Ok(bytes),
    }
}

impl From<CopyStop> for SentFileError {
    fn from(stop: CopyStop) -> Self {
        match stop {
            CopyStop::Run(Interrupted::Failed(failure)) => Self::Refused(failure),
            CopyStop::Run(other) => Self::NotStored(other.to_string()),
            CopyStop::NoFile(cause) => Self::BrokenOff(cause),
            CopyStop::NotStored(cause) => cause.into(),
        }
    }
}

impl From<PortError> for SentFileError {
    fn from(cause: PortError) -> Self {
        Self::NotStored(cause.to_string())
    }
}
