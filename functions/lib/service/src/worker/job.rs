//! One job, from Queued to a published event.

use super::checkpoint::CheckpointWriter;
use super::covers;
use super::policy;
use super::progress::ProgressReporter;
use super::store::{JobStorage, offer, remove, store};
use super::verdict;
use super::wait_limits::AwaitedResource;
use super::{RunContext, Worker};
use crate::backoff::Backoff;
use crate::model::{
    AnimationResult, Completion, Job, JobId, JobResult, JobState, Message, RunEnd, RunTrials,
    Video, VideoInfo,
};
use crate::pictures::{
    self, Checkpoint, Destination, Emit, Engine, Interrupted, JobRequest, PassOutput,
    PicturesTaken, Scope, SnapshotTask,
};
use artifacts::Manifest;
use bytes::Bytes;
use contract::error::ErrorCode;
use media::TrackExcerpt;
use source::{CountingSource, ReadStats};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tracing::{info, warn};

/// Between looks for a job whose message came first.
const NOT_YET_WRITTEN: Backoff = Backoff {
    first: Duration::from_millis(10),
    longest: Duration::from_millis(160),
};

/// So much shorter is the time between checkpoints of a job whose process died under it.
const OFTENER_AFTER_A_DEATH: u32 = 4;

/// How one run of a job ended that is not to come again.
enum AttemptEnd {
    /// So did the job.
    Ended(JobResult),
    /// Another run has ended the job.
    EndedElsewhere,
    /// Its parts go on.
    Divided,
}

/// What of a job one run takes.
pub(super) struct RunShare {
    /// How much of it.
    pub(super) scope: Scope,
    /// What is known of the video's index.
    pub(super) excerpt: Option<Arc<TrackExcerpt>>,
    /// What was done before.
    pub(super) done: Checkpoint,
}

impl Worker {
    pub(super) async fn run_job(
        &self,
        job_id: &JobId,
        run: &RunContext,
    ) -> Result<(), Interrupted> {
        let job = self.wait_for_job(job_id).await?;
        if job.is_completed() {
            return self.tidy(&job, run).await;
        }
        run.started(&job);
        let end = match self.ports.jobs.start(job_id).await? {
            Some(trials) => self.attempt(&job, trials, run).await?,
            None => AttemptEnd::EndedElsewhere,
        };
        match end {
            AttemptEnd::Ended(result) => {
                run.finished(&result);
                self.complete(&job, result, run).await
            }
            AttemptEnd::EndedElsewhere => self.tidy(&self.wait_for_job(job_id).await?, run).await,
            AttemptEnd::Divided => Ok(()),
        }
    }

    /// What is left to do for a job that has ended. A worker that was slower than the one that
    /// ended it may have left a checkpoint.
    pub(super) async fn tidy(&self, job: &Job, run: &RunContext) -> Result<(), Interrupted> {
        let JobState::Completed(completion) = &job.state else {
            return Err(Interrupted::Retry("the job can't be begun".to_owned()));
        };
        self.publish(job, completion).await?;
        self.remove_leftovers(job, completion, run).await?;
        self.remove_deleted(job).await
    }

    /// Gives back a job whose run is dropped before it came to its end: nothing counts.
    pub async fn give_back(&self, message: &Message) {
        let Some(job_id) = message.job() else {
            return;
        };
        if let Err(error) = self.ports.jobs.record_run(job_id, RunEnd::Unharmed).await {
            warn!(%error, "that a job was given back could not be kept");
        }
    }

    /// Ends the job of a message that its queue has given up; nobody works on it any more. Other
    /// messages have nobody to tell.
    pub(super) async fn give_up_job(
        &self,
        job_id: &JobId,
        run: &RunContext,
    ) -> Result<(), Interrupted> {
        let job = self.wait_for_job(job_id).await?;
        if job.is_completed() {
            return self.tidy(&job, run).await;
        }
        run.started(&job);
        run.record_written(self.progress(&job, run).await?.written);
        let result = verdict::transient("The message of the job was delivered too often.");
        run.finished(&result);
        self.complete(&job, result, run).await
    }

    /// The job, which is written after its message was sent: most of the time within these looks.
    async fn wait_for_job(&self, job_id: &JobId) -> Result<Job, Interrupted> {
        for pause in NOT_YET_WRITTEN.pauses(5) {
            if let Some(job) = self.read_job(job_id).await? {
                return Ok(job);
            }
            tokio::time::sleep(pause).await;
        }
        self.read_job(job_id)
            .await?
            .ok_or(Interrupted::NotYetWritten)
    }

    pub(super) async fn read_job(&self, job_id: &JobId) -> Result<Option<Job>, Interrupted> {
        let job = self.ports.jobs.get(job_id).await;
        job.map_err(Interrupted::of_job)
    }

    /// One run of a job: how the job ended, or why it is to run again.
    async fn attempt(
        &self,
        job: &Job,
        trials: RunTrials,
        run: &RunContext,
    ) -> Result<AttemptEnd, Interrupted> {
        if let Some(result) = self.spent(job, trials) {
            run.record_written(self.progress(job, run).await?.written);
            return Ok(AttemptEnd::Ended(result));
        }
        if policy::isolates(trials) {
            run.isolate();
        }
        match self.resume_caught(job, trials, run).await {
            Ok(end) => Ok(end),
            Err(stop) => {
                let result = self.weigh(job, trials, stop, run.awaited()).await?;
                // Here, where a death counts: a file that kills whoever opens it ends its job at last.
                if let Some(JobResult::Fail { .. }) = result {
                    self.look_again(&job.video_id).await?;
                }
                Ok(result.map_or(AttemptEnd::EndedElsewhere, AttemptEnd::Ended))
            }
        }
    }

    /// A panic while pictures are taken is the job's fault, as far as we know.
    async fn resume_caught(
        &self,
        job: &Job,
        trials: RunTrials,
        run: &RunContext,
    ) -> Result<AttemptEnd, Interrupted> {
        let (worker, job, run) = (self.clone(), job.clone(), run.clone());
        let span = tracing::Span::current();
        let work = async move { worker.resume(&job, trials, &run).await };
        tokio::spawn(tracing::Instrument::instrument(work, span))
            .await
            .unwrap_or_else(|error| Err(Interrupted::of_task(error)))
    }

    /// From where an earlier run stopped to the end, or to where the next one goes on.
    async fn resume(
        &self,
        job: &Job,
        trials: RunTrials,
        run: &RunContext,
    ) -> Result<AttemptEnd, Interrupted> {
        let done = self.progress(job, run).await?;
        run.record_written(done.written.clone());
        let mut checkpoints = CheckpointWriter::from(self, job, done.clone());
        let tried = self.take(job, done, trials, &mut checkpoints, run).await;
        match (tried, self.parts) {
            (Ok(result), _) => Ok(AttemptEnd::Ended(result)),
            (Err(Interrupted::Large(large)), Some(parts)) => {
                self.divide(job, *large, parts.at_once).await?;
                self.ports
                    .jobs
                    .record_run(&job.id, RunEnd::Unharmed)
                    .await?;
                Ok(AttemptEnd::Divided)
            }
            (Err(Interrupted::Paused(now)), _) => {
                self.checkpoint(&mut checkpoints, &now, run).await?;
                run.checkpointed();
                Err(Interrupted::Paused(now))
            }
            (Err(stop), _) => Err(stop),
        }
    }

    async fn take(
        &self,
        job: &Job,
        done: Checkpoint,
        trials: RunTrials,
        checkpoints: &mut CheckpointWriter,
        run: &RunContext,
    ) -> Result<JobResult, Interrupted> {
        let progress = ProgressReporter::new(&self.ports.jobs, &job.id, &done);
        let share = RunShare {
            scope: self.scope(&done, run),
            excerpt: None,
            done,
        };
        let engine = self.engine_after(job, trials);
        let out = (checkpoints, progress);
        let (video, taken) = self.take_shots(job, share, engine, out, run).await?;
        if self.record(&video, &taken.facts).await? && !job.is_of_covers() {
            self.ask_for_covers(&video.id).await?;
        }
        // What nobody can ask for any more is no success.
        if self.ports.videos.by_id(&job.video_id).await?.is_none() {
            return Err(video_is_gone());
        }
        self.finish(job, &taken.manifest, taken.facts.content, run)
            .await
    }

    /// What one run takes of a job that has `done` so much, and stores.
    pub(super) async fn take_shots(
        &self,
        job: &Job,
        share: RunShare,
        engine: Arc<Engine>,
        out: (&mut CheckpointWriter, ProgressReporter),
        run: &RunContext,
    ) -> Result<(Video, PicturesTaken), Interrupted> {
        let RunShare {
            scope,
            excerpt,
            mut done,
        } = share;
        let kept = self.kept_cells(job, &mut done).await?;
        let Some(video) = self.ports.videos.by_id(&job.video_id).await? else {
            return Err(video_is_gone());
        };
        run.waits_for(AwaitedResource::File);
        let source = self.ports.sources.open_video(&video).await?;
        let content = source.identity();
        let request = JobRequest {
            task: SnapshotTask::from(job),
            source,
            scope,
            excerpt,
            done,
            destination: Destination::Store { kept },
            until: run.until.clone(),
        };
        run.waits_for(AwaitedResource::Decoder);
        let mut taken = self.write_pictures(engine, request, out, run).await?;
        run.waits_for(AwaitedResource::Store);
        taken.facts.content = content;
        Ok((video, taken))
    }

    /// A job whose process died under it keeps what is done more often: whatever kills us every
    /// second shall not hold it up for ever.
    fn engine_after(&self, job: &Job, trials: RunTrials) -> Arc<Engine> {
        if trials.unended_runs == 0 && !job.is_of_covers() {
            return Arc::clone(&self.engine);
        }
        let mut engine = Engine::clone(&self.engine);
        if trials.unended_runs > 0 {
            engine.checkpoint_every /= OFTENER_AFTER_A_DEATH;
        }
        match job.is_of_covers() {
            true => Arc::new(covers::within_little(engine)),
            false => Arc::new(engine),
        }
    }

    /// The worker's thread makes files, this task stores them; at most two wait between.
    async fn write_pictures(
        &self,
        engine: Arc<Engine>,
        mut request: JobRequest,
        (checkpoints, progress): (&mut CheckpointWriter, ProgressReporter),
        run: &RunContext,
    ) -> Result<PicturesTaken, Interrupted> {
        let (tally, before) = (Arc::new(ReadStats::default()), request.done.usage);
        request.source = Arc::new(CountingSource::new(request.source, Arc::clone(&tally)));
        let (sender, mut made) = tokio::sync::mpsc::channel::<PassOutput>(2);
        let (span, isolated) = (tracing::Span::current(), run.isolated());
        let making = tokio::task::spawn_blocking(move || {
            span.in_scope(|| {
                take_pictures(isolated, &engine, &request, &mut |made| {
                    offer(&sender, made, &request.until)
                })
            })
        });
        let mut storing = JobStorage {
            objects: &self.ports.objects,
            run,
            tally: &tally,
            checkpoints,
            progress,
        };
        let all_stored = store(&mut storing, &mut made).await;
        // Whoever makes files learns that nobody takes them.
        drop(made);
        let taken = making.await;
        if all_stored.is_err() {
            run.waits_for(AwaitedResource::Store);
        }
        all_stored?;
        match taken.unwrap_or_else(|error| Err(Interrupted::of_task(error))) {
            Ok(mut taken) => {
                self.remove_repeated(run.written(), &taken.manifest).await?;
                taken.manifest.usage = self.usage(before, run);
                Ok(taken)
            }
            Err(Interrupted::Paused(mut done)) => {
                done.written = run.written();
                done.usage = self.usage(before, run).unwrap_or_default();
                Err(Interrupted::Paused(done))
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
    ) -> Result<(), Interrupted> {
        for key in manifest.keys() {
            written.remove(key);
        }
        remove(&self.ports.objects, written).await
    }

    /// Keeps what the pictures' own content of the file says, unless somebody learnt of another one
    /// meanwhile: the file may have been replaced since it was opened. Whether it is news.
    async fn record(&self, video: &Video, facts: &VideoInfo) -> Result<bool, Interrupted> {
        let is_same =
            |known: &VideoInfo| known.are_those_of(facts) && known.content == facts.content;
        if video.facts.as_ref().is_some_and(is_same) {
            return Ok(false);
        }
        let content = |video: &Video| video.facts.as_ref().map(|facts| facts.content.clone());
        let videos = &self.ports.videos;
        let now_known = videos.by_id(&video.id).await?;
        if now_known.is_some_and(|now| content(&now) != content(video)) {
            return Ok(false);
        }
        let now = self.ports.clock.now_ms();
        videos.record_facts(&video.id, facts, now).await?;
        Ok(true)
    }

    /// The manifest is the last object written: where it stands, all it names stands too.
    async fn finish(
        &self,
        job: &Job,
        manifest: &Manifest,
        content: Option<String>,
        run: &RunContext,
    ) -> Result<JobResult, Interrupted> {
        let key = artifacts::key::manifest(&job.video_id, &job.id);
        run.record_written([key.clone()]);
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
            keeps_pictures: job.spec.keeps_pictures(),
            content,
            animation: manifest.animation.as_ref().map(|made| AnimationResult {
                width: made.width,
                height: made.height,
                duration_ms: made.duration_ms,
                bytes: made.bytes,
            }),
            grid: manifest.grid,
        })
    }

    pub(super) async fn complete(
        &self,
        job: &Job,
        result: JobResult,
        run: &RunContext,
    ) -> Result<(), Interrupted> {
        let completion = Completion {
            at_ms: self.ports.clock.now_ms(),
            // The same for whoever completes the job, so that subscribers can tell a repeat.
            event_id: format!("{}-{}", job.event_type(), job.id),
            result,
        };
        let held = self.ports.jobs.complete(&job.id, &completion).await?;
        self.publish(job, &held).await?;
        // Only now: of two workers the other one may have ended the job with these pictures.
        if held == completion {
            self.remove_leftovers(job, &held, run).await?;
        } else {
            // What this one wrote may be more than the other's pictures, and of other content.
            self.leave_only_named(job, &held).await?;
        }
        self.remove_deleted(job).await?;
        self.renew_covers(job, &held).await
    }
}

fn video_is_gone() -> Interrupted {
    let message = "The video of this job no longer exists.";
    Interrupted::failed(ErrorCode::ResourceNotFound, message)
}

/// The one place where a worker takes pictures: where `isolated`, in a process of its own, so that
/// a death is seen by a parent that lives, and counts.
fn take_pictures(
    isolated: bool,
    engine: &Engine,
    request: &JobRequest,
    emit: &mut Emit<'_>,
) -> Result<PicturesTaken, Interrupted> {
    if isolated {
        warn!("earlier runs of this job never said how they ended: it runs in a child process");
        return pictures::take_in_child(engine, request, emit);
    }
    pictures::take(engine, request, emit)
}
