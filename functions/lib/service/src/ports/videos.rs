use super::PortResult;
use crate::model::{UnixMs, Video, VideoId, VideoInfo};
use async_trait::async_trait;

/// What became of a registration.
#[derive(Debug, Clone, PartialEq)]
pub enum Registration {
    /// It is new.
    New(Video),
    /// Its file was registered before; this is the video of then, with the ReferenceId of now
    /// where it had none.
    Known(Video),
    /// Another video has this ReferenceId.
    ReferenceTaken,
}

/// The registered videos.
#[async_trait]
pub trait Videos: Send + Sync {
    /// Registers `video` unless its file is known: by its `place`, or by a `file_url` that leads
    /// there, of a video that was registered before places were kept. One write: of two at once one
    /// is new.
    async fn register(&self, video: Video) -> PortResult<Registration>;

    /// The video with this id; any string may be asked for.
    async fn by_id(&self, id: &VideoId) -> PortResult<Option<Video>>;

    /// The video with this ReferenceId.
    async fn by_reference(&self, reference_id: &str) -> PortResult<Option<Video>>;

    /// Forgets what was known of the file: it has other content now, of `size_bytes`. Unknown ids are
    /// ignored.
    async fn record_replaced(
        &self,
        id: &VideoId,
        size_bytes: u64,
        now_ms: UnixMs,
    ) -> PortResult<()>;

    /// Keeps what a look into the file found, its size too. Unknown ids are ignored.
    async fn record_facts(&self, id: &VideoId, facts: &VideoInfo, now_ms: UnixMs)
    -> PortResult<()>;
}
