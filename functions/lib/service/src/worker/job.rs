//! One job, from Queued to a published event.

use super::store::{Stored, remove, store};
use super::{Running, Worker};
use crate::model::{Completion, Job, JobResult, JobState, Video};
use crate::pictures::{self, Failure, File, Order, Progress, Stop, Taken};
use artifacts::Manifest;
use bytes::Bytes;
use media::source::{Counted, Tally};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tracing::{info, warn};

impl Worker {
    pub(super) async fn run_job(&self, job_id: &str, run: &Running) -> Result<(), Stop> {
        let job = self.find(job_id).await?;
        if let JobState::Completed(completion) = &job.state {
            // A worker that was slower than the one that ended the job may have left it.
            self.publish(&job, completion).await?;
            return self.remove_leftovers(&job, completion, run).await;
        }
        run.begins(&job);
        self.ports.jobs.start(job_id).await?;
        let result = self.attempt(&job, run).await?;
        run.ends(&result);
        self.complete(&job, result, run).await
    }

    /// The job, which is written after its message was sent: most of the time within these looks.
    async fn find(&self, job_id: &str) -> Result<Job, Stop> {
        for pause_ms in [10, 20, 40, 80, 160] {
            if let Some(job) = self.ports.jobs.get(job_id).await? {
                return Ok(job);
            }
            tokio::time::sleep(Duration::from_millis(pause_ms)).await;
        }
        self.ports.jobs.get(job_id).await?.ok_or(Stop::Early)
    }

    async fn attempt(&self, job: &Job, run: &Running) -> Result<JobResult, Stop> {
        if run.attempt.is_spent() {
            return Ok(gave_up("no attempt came to its end"));
        }
        match self.go_on(job, run).await {
            Err(Stop::Fail(failure)) => Ok(failed(failure)),
            Err(Stop::Retry(cause)) if run.attempt.is_last() => Ok(gave_up(&cause)),
            other => other,
        }
    }

    /// From where an earlier run stopped to the end, or to where the next one goes on.
    async fn go_on(&self, job: &Job, run: &Running) -> Result<JobResult, Stop> {
        let done = self.progress(job).await?.unwrap_or_default();
        run.wrote(done.written.clone());
        let tried = self.take_caught(job, done.clone(), run).await;
        if let Err(Stop::Pause(now)) = &tried {
            // The rest is another message's; that this one may go is all that is left to say.
            self.hand_on(job, &done, now).await?;
            run.handed_on();
        }
        tried
    }

    /// A panic while pictures are taken counts as an attempt, so that the last one still ends
    /// the job.
    async fn take_caught(
        &self,
        job: &Job,
        done: Progress,
        run: &Running,
    ) -> Result<JobResult, Stop> {
        let (worker, job, run) = (self.clone(), job.clone(), run.clone());
        let span = tracing::Span::current();
        let work = async move { worker.take(&job, done, &run).await };
        tokio::spawn(tracing::Instrument::instrument(work, span))
            .await
            .unwrap_or_else(|panic| Err(Stop::Retry(panic.to_string())))
    }

    async fn take(&self, job: &Job, done: Progress, run: &Running) -> Result<JobResult, Stop> {
        let Some(video) = self.ports.videos.by_id(&job.video_id).await? else {
            let message = "The video of this job is not there any more.";
            return Err(Stop::fail("InvalidParameter.ResourceNotFound", message));
        };
        let source = self.ports.sources.open(&video.file_url).await?;
        let order = Order {
            job: job.clone(),
            source,
            done,
            until: run.until.clone(),
        };
        let taken = self.write_pictures(order, run).await?;
        self.record(&video, &taken).await?;
        self.finish(job, &taken.manifest, run).await
    }

    /// The worker's thread makes files, this task stores them; at most two wait between.
    async fn write_pictures(&self, mut order: Order, run: &Running) -> Result<Taken, Stop> {
        let (tally, before) = (Arc::new(Tally::default()), order.done.usage);
        order.source = Arc::new(Counted::new(order.source, Arc::clone(&tally)));
        let (sender, mut files) = tokio::sync::mpsc::channel::<File>(2);
        let engine = self.engine.clone();
        let span = tracing::Span::current();
        let making = tokio::task::spawn_blocking(move || {
            span.in_scope(|| {
                pictures::take(&engine, &order, &mut |file| {
                    sender.blocking_send(file).is_ok()
                })
            })
        });
        let mut stored = Stored::default();
        let all_stored = store(&self.ports.objects, &mut files, &mut stored).await;
        // Whoever makes files learns that nobody takes them.
        drop(files);
        let made = making.await;
        run.wrote(stored.keys);
        all_stored?;
        run.used(
            (tally.requests(), tally.bytes()),
            (stored.objects, stored.bytes),
        );
        match made.unwrap_or_else(|panic| Err(Stop::Retry(panic.to_string()))) {
            Ok(mut taken) => {
                self.remove_repeated(run.written(), &taken.manifest).await?;
                taken.manifest.usage = self.usage(before, run);
                Ok(taken)
            }
            Err(Stop::Pause(mut done)) => {
                done.written = run.written();
                done.usage = self.usage(before, run).unwrap_or_default();
                Err(Stop::Pause(done))
            }
            Err(stop) => Err(stop),
        }
    }

    /// A pass that had to be repeated without some frames may have written more files than
    /// there are pictures: nothing would ever list or delete them.
    async fn remove_repeated(
        &self,
        mut written: BTreeSet<String>,
        manifest: &Manifest,
    ) -> Result<(), Stop> {
        for key in manifest.keys() {
            written.remove(key);
        }
        remove(&self.ports.objects, written).await
    }

    async fn record(&self, video: &Video, taken: &Taken) -> Result<(), Stop> {
        if video.facts.as_ref() == Some(&taken.facts) {
            return Ok(());
        }
        let now = self.ports.clock.now_ms();
        Ok(self
            .ports
            .videos
            .record_facts(&video.id, &taken.facts, now)
            .await?)
    }

    /// The manifest is the last object written: where it stands, all it names stands too.
    async fn finish(
        &self,
        job: &Job,
        manifest: &Manifest,
        run: &Running,
    ) -> Result<JobResult, Stop> {
        let key = artifacts::key::manifest(&job.video_id, &job.id);
        run.wrote([key.clone()]);
        let body = Bytes::from(manifest.to_bytes());
        self.ports
            .objects
            .put(&key, "application/json", body)
            .await?;
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        info!(
            pictures = manifest.pictures.len(),
            missing = manifest.missing.len(),
            "pictures taken"
        );
        Ok(JobResult::Success {
            pictures: count(manifest.pictures.len()),
            sheets: count(manifest.sheets.len()),
            keeps_pictures: pictures::keeps_pictures(&job.spec),
        })
    }

    async fn complete(&self, job: &Job, result: JobResult, run: &Running) -> Result<(), Stop> {
        let completion = Completion {
            at_ms: self.ports.clock.now_ms(),
            // The same for whoever completes the job, so that subscribers can tell a repeat.
            event_id: format!("SnapshotComplete-{}", job.id),
            result,
        };
        let held = self.ports.jobs.complete(&job.id, &completion).await?;
        self.publish(job, &held).await?;
        // Only now: of two workers the other one may have ended the job with these pictures.
        self.remove_leftovers(job, &held, run).await
    }
}

fn failed(failure: Failure) -> JobResult {
    warn!(code = failure.code, message = failure.message, "failed");
    JobResult::Fail {
        code: failure.code.to_owned(),
        message: failure.message,
    }
}

fn gave_up(cause: &str) -> JobResult {
    tracing::error!(cause, "failed at the last attempt");
    let message = "The request processing has failed due to some unknown error.".to_owned();
    JobResult::Fail {
        code: "InternalError".to_owned(),
        message,
    }
}
