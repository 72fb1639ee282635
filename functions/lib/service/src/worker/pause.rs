//! Jobs that take longer than a process may live: what is done is kept as an object, and a new
//! message goes on with the rest.

use super::Worker;
use crate::model::{Job, JobState, Message};
use crate::pictures::{Progress, Stop};
use bytes::Bytes;
use tracing::{info, warn};

impl Worker {
    /// What earlier runs have done. A job that no worker had before has nothing done.
    pub(super) async fn progress(&self, job: &Job) -> Result<Option<Progress>, Stop> {
        if job.state != JobState::Processing {
            return Ok(None);
        }
        let kept = self.ports.objects.get(&key(job)).await?;
        let read = |bytes: Bytes| match serde_json::from_slice(&bytes) {
            Ok(progress) => Some(progress),
            Err(cause) => {
                warn!(%cause, "what was done of a job can't be read; it begins anew");
                None
            }
        };
        Ok(kept.and_then(read))
    }

    /// Keeps `now` and sends the rest on its way. A run that did nothing more than the one
    /// before it is a failed attempt: the next would come no further.
    pub(super) async fn hand_on(
        &self,
        job: &Job,
        before: &Progress,
        now: &Progress,
    ) -> Result<(), Stop> {
        if !now.is_ahead_of(before) {
            let cause = "the time of a run does not suffice for one picture";
            return Err(Stop::Retry(cause.to_owned()));
        }
        let body = serde_json::to_vec(now).map_err(|cause| Stop::Retry(cause.to_string()))?;
        let (objects, key) = (&self.ports.objects, key(job));
        objects.put(&key, "application/json", body.into()).await?;
        let (job_id, request_id) = (job.id.clone(), job.request_id.clone());
        let message = Message::Snapshot { job_id, request_id };
        self.ports.queue.send(&message).await?;
        info!(pictures = now.pictures.len(), "goes on in another run");
        Ok(())
    }
}

fn key(job: &Job) -> String {
    artifacts::key::progress(&job.video_id, &job.id)
}
