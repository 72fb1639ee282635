//! A file that came into its place without a call: it becomes a video, and an event tells its id.

use super::Worker;
use crate::model::{Event, Message, Video};
use crate::pictures::Interrupted;
use crate::ports::{Registration, SourceError};
use contract::event::FileUploadComplete;
use tracing::{info, warn};

impl Worker {
    /// However often it is told of, a file is one video, as with RegisterMedia; what was put in
    /// its place since is the same video, with an event of its own.
    pub(super) async fn register(
        &self,
        file_url: &str,
        title: &str,
        tag: &str,
    ) -> Result<(), Interrupted> {
        let file = match self.ports.sources.open(file_url).await {
            Ok(file) => file,
            Err(cause) if cause.is_passing() || matches!(cause, SourceError::Missing) => {
                return Err(cause.into());
            }
            Err(cause) => {
                warn!(%cause, "not registered");
                return Ok(());
            }
        };
        let size_bytes = file.bytes();
        let new = Video {
            place: file.place(),
            ..Video::new(file_url, title, size_bytes, self.ports.clock.now_ms())
        };
        let video = match self.ports.videos.register(new).await? {
            Registration::New(video) => video,
            Registration::Known(video) => {
                self.forget_replaced(&video, &*file).await?;
                video
            }
            // It has no ReferenceId.
            Registration::ReferenceTaken => return Ok(()),
        };
        info!(video_id = %video.id, "registered");
        let mut event = self.arrived(&video, size_bytes, tag);
        event.callback_url = self.callback_url(event.event_type, None).await?;
        self.ports.events.publish(&event).await?;
        let message = Message::Probe { video_id: video.id };
        Ok(self.ports.queue.send(&message).await?)
    }

    fn arrived(&self, video: &Video, size_bytes: u64, tag: &str) -> Event {
        let now_ms = self.ports.clock.now_ms();
        let fact = FileUploadComplete {
            event_ms: now_ms,
            video_id: video.id.clone(),
            size_bytes,
            file_url: video.file_url.clone(),
        };
        Event {
            id: format!("{}-{tag}", video.id),
            event_type: FileUploadComplete::TYPE,
            status: FileUploadComplete::STATUS,
            video_id: video.id.clone(),
            job_id: None,
            snapshot_type: None,
            at_ms: now_ms,
            callback_url: None,
            body: fact.to_bytes(),
        }
    }
}
