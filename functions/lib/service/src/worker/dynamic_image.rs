//! What follows from the end of a job of an animated image.

use super::Worker;
use crate::model::{Completion, EventStatus, Job, JobResult, SnapshotType, VideoChange};
use crate::pictures::keys::PictureKeys;
use crate::ports::PortResult;
use contract::event::{DynamicImageComplete, DynamicImageOutcome};

impl Worker {
    /// What its event says.
    pub(super) async fn of_dynamic_image(
        &self,
        job: &Job,
        completion: &Completion,
    ) -> PortResult<(EventStatus, Vec<u8>)> {
        let outcome = match &completion.result {
            JobResult::Success { animation, .. } => {
                let made = animation.unwrap_or_default();
                let spec = job.spec.animation.as_ref();
                DynamicImageOutcome::Success {
                    url: self.dynamic_image_url(job, completion).await?,
                    bytes: made.bytes,
                    fps: spec.map_or_else(String::new, |spec| spec.fps()),
                    width: made.width,
                    height: made.height,
                }
            }
            JobResult::Fail { code, message } => DynamicImageOutcome::Fail {
                code: code.clone(),
                message: message.clone(),
            },
        };
        let fact = DynamicImageComplete {
            event_ms: completion.at_ms,
            video_id: job.video_id.clone(),
            job_id: job.id.clone(),
            outcome,
        };
        Ok((fact.status(), fact.to_bytes()))
    }

    async fn dynamic_image_url(&self, job: &Job, completion: &Completion) -> PortResult<String> {
        match &job.event_urls {
            Some(urls) => Ok(urls.cover.clone()),
            None => {
                let key = PictureKeys::from(job).key(SnapshotType::DynamicImage, 1);
                self.url_of(&key, completion).await
            }
        }
    }

    /// SetDefaultCover: before anybody is told of the image, it is the cover.
    pub(super) async fn set_cover(&self, job: &Job, completion: &Completion) -> PortResult<()> {
        let is_cover = job
            .spec
            .animation
            .is_some_and(|animation| animation.is_cover);
        if !is_cover || !matches!(completion.result, JobResult::Success { .. }) {
            return Ok(());
        }
        let change = VideoChange {
            cover_url: Some(self.dynamic_image_url(job, completion).await?),
            ..VideoChange::default()
        };
        let now_ms = self.ports.clock.now_ms();
        let changed = self.ports.videos.change(&job.video_id, &change, now_ms);
        changed.await.map(drop)
    }
}
