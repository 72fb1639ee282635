use super::PortResult;
use crate::model::{UnixMs, Video, VideoId, VideoInfo};
use async_trait::async_trait;

/// What became of a registration.
#[derive(Debug, Clone, PartialEq)]
pub enum Registration {
    /// It is new.
    New(Video),
    /// Its FileURL was registered before; this is the video of then.
    Known(Video),
    /// Another video has this ReferenceId.
    ReferenceTaken,
}

/// The registered videos.
#[async_trait]
pub trait Videos: Send + Sync {
    /// Registers `video` unless its `file_url` is known. One write: of two at once one is new.
    async fn register(&self, video: Video) -> PortResult<Registration>;

    /// The video with this id; any string may be asked for.
    async fn by_id(&self, id: &VideoId) -> PortResult<Option<Video>>;

    /// The video with this ReferenceId.
    async fn by_reference(&self, reference_id: &str) -> PortResult<Option<Video>>;

    /// Keeps what a look into the file found. Unknown ids are ignored.
    async fn record_facts(&self, id: &VideoId, facts: &VideoInfo, now_ms: UnixMs)
    -> PortResult<()>;
}
