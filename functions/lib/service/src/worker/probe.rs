//! A first look into a registered video, so that its duration and size can be told.

use super::Worker;
use crate::model::VideoId;
use crate::pictures::{Interrupted, video_info};
use media::Video;
use tracing::info;

impl Worker {
    pub(super) async fn probe(&self, video_id: &VideoId) -> Result<(), Interrupted> {
        let Some(video) = self.ports.videos.by_id(video_id).await? else {
            return Ok(());
        };
        if video.facts.is_some() {
            return Ok(());
        }
        let source = self.ports.sources.open(&video.file_url).await?;
        let engine = self.engine.clone();
        let look = move || Video::open_sparse(&engine.ffmpeg, source, &engine.limits);
        let looked = tokio::task::spawn_blocking(look).await;
        let opened = looked.map_err(Interrupted::of_task)?;
        match opened.map_err(Interrupted::from) {
            Ok(found) => {
                let (facts, now) = (video_info(&found), self.ports.clock.now_ms());
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
                Ok(())
            }
            Err(retry) => Err(retry),
        }
    }
}
