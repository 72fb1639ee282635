//! The event of a completed job, published until the job remembers that it was.

use super::Worker;
use crate::model::{Completion, Event, Job, JobResult, SnapshotType};
use crate::pictures::Stop;
use artifacts::key;
use contract::event::{Outcome, SnapshotComplete, SnapshotInfo};
use tracing::info;

impl Worker {
    pub(super) async fn publish(&self, job: &Job, completion: &Completion) -> Result<(), Stop> {
        if job.event_published {
            return Ok(());
        }
        self.ports
            .events
            .publish(&self.event(job, completion))
            .await?;
        self.ports.jobs.record_published(&job.id).await?;
        info!(event_id = completion.event_id, "event published");
        Ok(())
    }

    fn event(&self, job: &Job, completion: &Completion) -> Event {
        let fact = SnapshotComplete {
            event_ms: completion.at_ms,
            video_id: job.video_id.clone(),
            job_id: job.id.clone(),
            extend: job.extend.clone(),
            outcome: self.outcome(job, &completion.result),
        };
        Event {
            id: completion.event_id.clone(),
            event_type: "SnapshotComplete".to_owned(),
            status: fact.status().to_owned(),
            video_id: fact.video_id.clone(),
            job_id: fact.job_id.clone(),
            at_ms: completion.at_ms,
            callback_url: None,
            body: fact.to_bytes(),
        }
    }

    fn outcome(&self, job: &Job, result: &JobResult) -> Outcome {
        let (pictures, sheets) = match result {
            JobResult::Success {
                pictures, sheets, ..
            } => (*pictures, *sheets),
            JobResult::Fail { code, message } => {
                return Outcome::Fail {
                    code: code.clone(),
                    message: message.clone(),
                };
            }
        };
        let (video, id) = (&job.video_id, &job.id);
        let (count, first, format) = match job.kind {
            SnapshotType::SpriteSnapshot => (
                sheets,
                key::sheet(video, id, 1),
                key::sheet_pattern(video, id),
            ),
            _ => (
                pictures,
                key::picture(video, id, 1),
                key::picture_pattern(video, id),
            ),
        };
        let info = SnapshotInfo {
            snapshot_type: job.kind.name().to_owned(),
            count: u64::from(count),
            regular: self.ports.objects.public_url(&format),
            format,
        };
        let cover_url = Some(self.ports.objects.public_url(&first));
        Outcome::Success {
            cover_url,
            infos: vec![info],
        }
    }
}
