//! What is done of a job, kept as an object beside its pictures, so that the next run goes on from
//! there: of a job that takes longer than a process may live, of one that was stopped, and of one
//! whose process died.
//!
//! Two runs of a job may go on at once, and either may write its checkpoint over the other's. That
//! costs time and nothing else. Which file was read, and which frames gave no picture, stand in a
//! checkpoint; with these alike the same number means the same picture under the same key, whoever
//! stored it, and each run stores what its checkpoint names before it writes it. Where they differ,
//! whoever goes on finds that out before it relies on any picture: another file is begun anew, and
//! a frame that gives no picture is met again, since it is not among those that are done.

use super::{RunContext, Worker};
use crate::model::{Job, JobState, RunEnd};
use crate::pictures::{Checkpoint, Interrupted};
use bytes::Bytes;
use std::time::Duration;
use tracing::{debug, info, warn};

/// In less than this a good video may give no picture.
const FAIR_TIME: Duration = Duration::from_secs(60);

impl Worker {
    /// What earlier runs have done. A job that no worker had before has nothing done.
    pub(super) async fn progress(
        &self,
        job: &Job,
        run: &RunContext,
    ) -> Result<Checkpoint, Interrupted> {
        if job.state != JobState::Processing {
            return Ok(Checkpoint::default());
        }
        let Some(bytes) = self.ports.objects.get(&key(job)).await? else {
            return Ok(Checkpoint::default());
        };
        run.may_have_checkpoint();
        let read: Result<Checkpoint, _> = serde_json::from_slice(&bytes);
        Ok(read.unwrap_or_else(|cause| {
            warn!(%cause, "what was done of a job can't be read; it begins anew");
            Checkpoint::default()
        }))
    }

    /// Keeps what a run has done that is to stop. One that was not told to, but had no more time,
    /// and did nothing more than the one before it, ended badly where it had a fair time: the next
    /// would come no further. The last message of a batch may have had none.
    pub(super) async fn checkpoint(
        &self,
        checkpoints: &mut CheckpointWriter,
        now: &Checkpoint,
        run: &RunContext,
    ) -> Result<(), Interrupted> {
        if !now.is_ahead_of(&checkpoints.begun) && !run.until.was_ended() {
            let cause = "the time of a run does not suffice for one picture";
            return Err(match run.elapsed() >= FAIR_TIME {
                true => Interrupted::Crashed(cause.to_owned()),
                false => Interrupted::Retry(cause.to_owned()),
            });
        }
        if now.is_ahead_of(&checkpoints.last) {
            // Said before: half a write may be there too.
            run.may_have_checkpoint();
            self.write(&checkpoints.key, now).await?;
        }
        info!(pictures = now.pictures.len(), "goes on in another run");
        Ok(())
    }

    async fn write(&self, key: &str, now: &Checkpoint) -> Result<(), Interrupted> {
        let body =
            serde_json::to_vec(now).map_err(|cause| Interrupted::Retry(cause.to_string()))?;
        let body = Bytes::from(body);
        Ok(self
            .ports
            .objects
            .put(key, "application/json", body)
            .await?)
    }

    /// Keeps what is done of a job that another run goes on with.
    pub(super) async fn keep_checkpoint(
        &self,
        job: &Job,
        now: &Checkpoint,
    ) -> Result<(), Interrupted> {
        self.write(&key(job), now).await
    }

    /// Forgets what was kept for a job that has ended. Where that fails its message comes again.
    pub(super) async fn forget(&self, job: &Job) -> Result<(), Interrupted> {
        Ok(self.ports.objects.delete(&key(job)).await?)
    }
}

/// The checkpoints of one run.
pub(super) struct CheckpointWriter {
    worker: Worker,
    job: Job,
    key: String,
    /// Whether it is a run of the whole job, whose end its record counts.
    is_counted: bool,
    /// Where the run began.
    begun: Checkpoint,
    /// What is kept by now.
    last: Checkpoint,
}

impl CheckpointWriter {
    pub(super) fn from(worker: &Worker, job: &Job, begun: Checkpoint) -> Self {
        Self {
            worker: worker.clone(),
            job: job.clone(),
            key: key(job),
            is_counted: true,
            last: begun.clone(),
            begun,
        }
    }

    /// Of one part of a job, under a key of its own.
    pub(super) fn of_part(worker: &Worker, job: &Job, key: String, begun: Checkpoint) -> Self {
        Self {
            key,
            is_counted: false,
            ..Self::from(worker, job, begun)
        }
    }

    /// Keeps `now`, all of whose files are stored, if that is further than what is kept. A store
    /// that does not take it says so at the next picture, too: the run is none the worse for it.
    pub(super) async fn keep(&mut self, mut now: Checkpoint, run: &RunContext) {
        if !now.is_ahead_of(&self.last) {
            return;
        }
        now.written = run.written();
        let used = self.worker.usage(self.begun.usage, run);
        now.usage = used.unwrap_or_default();
        // Said before: half a write may be there too.
        run.may_have_checkpoint();
        if let Err(cause) = self.worker.write(&self.key, &now).await {
            debug!(%cause, "no checkpoint");
            return;
        }
        let is_first = self.last == self.begun;
        self.last = now;
        if is_first && self.is_counted {
            // It came further: the deaths before are forgotten. Whether another run has ended the
            // job meanwhile is found out when this one ends.
            let jobs = &self.worker.ports.jobs;
            if let Err(error) = jobs.record_run(&self.job.id, RunEnd::Unharmed).await {
                debug!(%error, "that a run came further could not be kept");
            }
        }
    }
}

fn key(job: &Job) -> String {
    artifacts::key::progress(&job.video_id, &job.id)
}
