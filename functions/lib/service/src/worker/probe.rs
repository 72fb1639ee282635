//! A first look into a registered video, so that its duration and size can be told.

use super::Worker;
use crate::model::{Message, Video, VideoId, VideoInfo};
use crate::pictures::{Interrupted, video_info};
use source::RangeSource;
use tracing::info;

impl Worker {
    pub(super) async fn probe(&self, video_id: &VideoId) -> Result<(), Interrupted> {
        let Some(video) = self.ports.videos.by_id(video_id).await? else {
            return Ok(());
        };
        let source = self.ports.sources.open_video(&video).await?;
        if video.is_known_of(&*source) {
            return Ok(());
        }
        let (content, bytes) = (source.identity(), source.bytes());
        let engine = self.engine.clone();
        let look = move || media::Video::open_sparse(&engine.ffmpeg, source, &engine.limits);
        let looked = tokio::task::spawn_blocking(look).await;
        let opened = looked.map_err(Interrupted::of_task)?;
        match opened.map_err(Interrupted::from) {
            Ok(found) => {
                let facts = VideoInfo {
                    content,
                    ..video_info(&found)
                };
                let now = self.ports.clock.now_ms();
                Ok(self
                    .ports
                    .videos
                    .record_facts(video_id, &facts, now)
                    .await?)
            }
            // A job on this video will say so to who asks for one.
            Err(Interrupted::Failed(failure)) => {
                info!(
                    code = failure.code.name(),
                    message = failure.message,
                    "no facts"
                );
                match video.facts {
                    // Those are of what was there before.
                    Some(_) => self.forget_facts(video_id, bytes).await,
                    None => Ok(()),
                }
            }
            Err(retry) => Err(retry),
        }
    }

    /// After a run that came to no pictures, which would have told what its file is now: facts of what
    /// was there before are forgotten, and the file is looked into. Whoever sees the job's end sees
    /// that too, so it comes first.
    pub(super) async fn look_again(&self, video_id: &VideoId) -> Result<(), Interrupted> {
        let Some(video) = self.ports.videos.by_id(video_id).await? else {
            return Ok(());
        };
        // What can't be opened says nothing new; the job's end says that it can't.
        let Ok(file) = self.ports.sources.open_video(&video).await else {
            return Ok(());
        };
        if self.forget_replaced(&video, &*file).await? {
            let message = Message::Probe { video_id: video.id };
            self.ports.queue.send(&message).await?;
        }
        Ok(())
    }

    /// Forgets what is known of other content than `file` has. Whether anything was.
    pub(super) async fn forget_replaced(
        &self,
        video: &Video,
        file: &dyn RangeSource,
    ) -> Result<bool, Interrupted> {
        let is_replaced = video.was_replaced_by(file);
        if is_replaced {
            self.forget_facts(&video.id, file.bytes()).await?;
        }
        Ok(is_replaced)
    }

    async fn forget_facts(&self, id: &VideoId, size_bytes: u64) -> Result<(), Interrupted> {
        let now = self.ports.clock.now_ms();
        Ok(self
            .ports
            .videos
            .record_replaced(id, size_bytes, now)
            .await?)
    }
}
