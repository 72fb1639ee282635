use super::PortResult;
use crate::model::{ImageType, UnixMs, Video, VideoChange, VideoId, VideoInfo};
use async_trait::async_trait;
use contract::command::{ScrollToken, VideoPage};

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
    /// there, of a video that was registered before places were kept and has none yet. A place that
    /// a video has stays. One write: of two at once one is new.
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

    /// Changes what is given of a video; the video as it is from now on. None where there is none.
    /// One write: of two changes of different fields at once, both hold.
    async fn change(
        &self,
        id: &VideoId,
        change: &VideoChange,
        now_ms: UnixMs,
    ) -> PortResult<Option<Video>>;

    /// Remembers that pictures of jobs accepted until `until_ms` were deleted. What was remembered
    /// before and reaches further stays. Unknown ids are ignored.
    async fn record_deletion(
        &self,
        id: &VideoId,
        image_type: ImageType,
        until_ms: UnixMs,
    ) -> PortResult<()>;

    /// Forgets a video: from now on nothing leads to it, and its file can be registered anew.
    /// Whether it was there.
    async fn delete(&self, id: &VideoId) -> PortResult<bool>;

    /// A page of the videos that match, by when they were registered and then by id; those that
    /// follow `after`, if it is given, in place of the page's offset.
    async fn list(&self, page: &VideoPage, after: Option<&ScrollToken>) -> PortResult<VideoList>;
}

/// Some of the videos that match.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VideoList {
    /// In order.
    pub videos: Vec<Video>,
    /// How many match. A store that would have to read them all to say so counts no further than
    /// [`MAX_PAGED`](contract::command::MAX_PAGED).
    pub total: u64,
    /// Whether the store gave up before it had looked at all videos in the range of times, and
    /// before the page was full.
    pub is_cut_short: bool,
}
