//! The event of a completed job, published until the job remembers that it was.

use super::Worker;
use crate::event_urls::{named_keys, named_urls};
use crate::model::{
    CallbackSettings, Completion, Event, EventStatus, EventType, EventUrls, Job, JobResult,
    SnapshotType,
};
use crate::pictures::Interrupted;
use crate::pictures::keys::PictureKeys;
use crate::ports::PortResult;
use contract::event::{SnapshotComplete, SnapshotInfo, SnapshotOutcome};
use tracing::info;

impl Worker {
    pub(super) async fn publish(
        &self,
        job: &Job,
        completion: &Completion,
    ) -> Result<(), Interrupted> {
        if job.event_published {
            return Ok(());
        }
        // Nobody asked for them.
        if job.is_of_covers() {
            return Ok(self.ports.jobs.record_published(&job.id).await?);
        }
        self.set_cover(job, completion).await?;
        let mut event = self.event(job, completion).await?;
        // The job's own is its video's where it has none.
        let own = job.callback_url.clone();
        event.callback_url = self.callback_url(event.event_type, own).await?;
        self.ports.events.publish(&event).await?;
        self.ports.jobs.record_published(&job.id).await?;
        info!(event_id = completion.event_id, "event published");
        Ok(())
    }

    /// The one URL to call, if events of this type go to one: its `own`, else the one set for all.
    pub(super) async fn callback_url(
        &self,
        event_type: EventType,
        own: Option<String>,
    ) -> Result<Option<String>, Interrupted> {
        let app = CallbackSettings::DEFAULT_APP;
        let settings = self.ports.callbacks.get(app).await?;
        let Some(settings) = settings.filter(|settings| settings.wants(event_type)) else {
            return Ok(None);
        };
        Ok(own.or(settings.callback_url))
    }

    async fn event(&self, job: &Job, completion: &Completion) -> PortResult<Event> {
        let (status, body) = match job.kind {
            SnapshotType::DynamicImage => self.of_dynamic_image(job, completion).await?,
            _ => self.of_snapshots(job, completion).await?,
        };
        Ok(Event {
            id: completion.event_id.clone(),
            event_type: job.event_type(),
            status,
            video_id: job.video_id.clone(),
            job_id: Some(job.id.clone()),
            snapshot_type: Some(job.kind),
            at_ms: completion.at_ms,
            callback_url: None,
            body,
        })
    }

    async fn of_snapshots(
        &self,
        job: &Job,
        completion: &Completion,
    ) -> PortResult<(EventStatus, Vec<u8>)> {
        let fact = SnapshotComplete {
            event_ms: completion.at_ms,
            video_id: job.video_id.clone(),
            job_id: job.id.clone(),
            extend: job.extend.clone(),
            outcome: self.outcome(job, completion).await?,
        };
        Ok((fact.status(), fact.to_bytes()))
    }

    /// From the time of the completion: the event is the same however often it is published.
    pub(super) async fn url_of(&self, key: &str, completion: &Completion) -> PortResult<String> {
        self.ports.objects.event_url(key, completion.at_ms).await
    }

    async fn outcome(&self, job: &Job, completion: &Completion) -> PortResult<SnapshotOutcome> {
        let (pictures, sheets) = match &completion.result {
            JobResult::Success {
                pictures, sheets, ..
            } => (*pictures, *sheets),
            JobResult::Fail { code, message } => {
                return Ok(SnapshotOutcome::Fail {
                    code: code.clone(),
                    message: message.clone(),
                });
            }
        };
        let format = PictureKeys::from(job).pattern(job.kind);
        let urls = self.event_urls(job, completion).await?;
        let count = if sheets > 0 { sheets } else { pictures };
        let info = SnapshotInfo {
            snapshot_type: job.kind.name().to_owned(),
            count: u64::from(count),
            regular: urls.regular,
            format,
            storyboards: urls.storyboards,
        };
        Ok(SnapshotOutcome::Success {
            cover_url: Some(urls.cover),
            infos: vec![info],
        })
    }

    /// From the time of the completion, unless they were known before: the event is the same however
    /// often it is published.
    async fn event_urls(&self, job: &Job, completion: &Completion) -> PortResult<EventUrls> {
        if let Some(urls) = &job.event_urls {
            return Ok(urls.clone());
        }
        let (objects, mut urls) = (&self.ports.objects, Vec::new());
        for key in named_keys(job) {
            urls.push(objects.event_url(&key, completion.at_ms).await?);
        }
        Ok(named_urls(job, urls).unwrap_or_default())
    }
}
