//! What a run that stopped short means for its job.

use super::Worker;
use super::wait_limits::AwaitedResource;
use crate::model::{Job, JobResult, RunEnd, RunTrials, UnixMs};
use crate::pictures::{Interrupted, JobFailure};
use contract::error::ErrorCode;
use std::time::Duration;
use tracing::{error, warn};

/// Runs that ended badly by the job's own fault, after which it has failed. Memory errors of a
/// decoder may depend on what lies where, and differ from run to run; what happens five times is the
/// file. What a run did between does not count: a file could bring a decoder down at each picture.
const MOST_FAULTS: u32 = 5;

/// Runs that never said how they ended, none that came further between them, after which a job
/// that is a day old is given up. Without a bound such a job would take its process down for ever.
const MOST_UNENDED: u32 = 20;

/// Whoever kills a whole group of processes kills us within this time of the decoder, and what
/// happened to the decoder was no fault of its file.
const TO_BE_KILLED_TOO: Duration = Duration::from_secs(1);

impl Worker {
    /// Whether so much time has passed between then and now, as the clock says.
    pub(super) fn has_passed(&self, time: Duration, since_ms: UnixMs) -> bool {
        let ms = i64::try_from(time.as_millis()).unwrap_or(i64::MAX);
        self.ports.clock.now_ms().saturating_sub(since_ms) >= ms
    }

    /// What a job has come to that is not worth another run.
    pub(super) fn spent(&self, job: &Job, trials: RunTrials) -> Option<JobResult> {
        if trials.faults >= MOST_FAULTS {
            return Some(crashed("the decoder or the worker crashed in each run"));
        }
        let is_old = self.has_passed(self.wait_limits.day, job.created_ms);
        let dies = trials.unended_runs >= MOST_UNENDED;
        (is_old && dies).then(|| {
            error!(trials.unended_runs, "given up: the worker died in each run");
            transient("The worker died in each run of the job.")
        })
    }

    /// What a run that stopped short means for its job: its end, or why it is tried again. None
    /// where another run has ended it meanwhile.
    pub(super) async fn weigh(
        &self,
        job: &Job,
        trials: RunTrials,
        stop: Interrupted,
        awaited: AwaitedResource,
    ) -> Result<Option<JobResult>, Interrupted> {
        match stop {
            Interrupted::Failed(failure) => Ok(Some(failed(failure))),
            Interrupted::Crashed(cause) => self.count(job, trials, cause).await,
            Interrupted::FileMissing => self.miss(job, trials).await,
            Interrupted::Retry(cause) => self.wait(job, trials, cause, awaited).await,
            stop => self.again(job, RunEnd::Unharmed, stop).await,
        }
    }

    /// A day of trouble, and not a day since it was accepted: a job may wait in the queue of a
    /// machine that is off, and has met no trouble then.
    async fn wait(
        &self,
        job: &Job,
        trials: RunTrials,
        cause: String,
        awaited: AwaitedResource,
    ) -> Result<Option<JobResult>, Interrupted> {
        let since_ms = self.since(trials.waiting_since_ms);
        if self.has_passed(self.wait_limits.day, since_ms) {
            let awaited = awaited.name();
            error!(cause, awaited, "given up after a day");
            let why = format!("The job waited a day for {awaited}.");
            return Ok(Some(transient(&why)));
        }
        let end = RunEnd::Waiting { since_ms };
        self.again(job, end, Interrupted::Retry(cause)).await
    }

    /// Since then, or since now. A clock that was set back starts the time anew.
    pub(super) fn since(&self, remembered: Option<UnixMs>) -> UnixMs {
        let now_ms = self.ports.clock.now_ms();
        remembered
            .filter(|since| *since <= now_ms)
            .unwrap_or(now_ms)
    }

    /// A fault, unless we are about to die of the same cause.
    async fn count(
        &self,
        job: &Job,
        trials: RunTrials,
        cause: String,
    ) -> Result<Option<JobResult>, Interrupted> {
        tokio::time::sleep(TO_BE_KILLED_TOO).await;
        let number = trials.faults.saturating_add(1);
        warn!(cause, number, limit = MOST_FAULTS, "a run ended badly");
        if number >= MOST_FAULTS {
            return Ok(Some(crashed(&cause)));
        }
        let stop = Interrupted::Crashed(cause);
        self.again(job, RunEnd::Fault { number }, stop).await
    }

    async fn miss(&self, job: &Job, trials: RunTrials) -> Result<Option<JobResult>, Interrupted> {
        let since_ms = self.since(trials.missing_since_ms);
        if self.has_passed(self.wait_limits.missing, since_ms) {
            return Ok(Some(failed(JobFailure::of(ErrorCode::ResourceNotFound))));
        }
        let end = RunEnd::Missing { since_ms };
        self.again(job, end, Interrupted::FileMissing).await
    }

    /// Remembers how a run ended, and that its job goes on. Where that can't be kept nothing is
    /// lost: a run counts as one that never ended, or not at all.
    async fn again(
        &self,
        job: &Job,
        end: RunEnd,
        stop: Interrupted,
    ) -> Result<Option<JobResult>, Interrupted> {
        match self.ports.jobs.record_run(&job.id, end).await {
            Ok(true) => Err(stop),
            Ok(false) => Ok(None),
            Err(error) => {
                warn!(%error, "how a run ended could not be kept");
                Err(stop)
            }
        }
    }
}

fn failed(failure: JobFailure) -> JobResult {
    warn!(
        code = failure.code.name(),
        message = failure.message,
        "failed"
    );
    JobResult::Fail {
        code: failure.code.name().to_owned(),
        message: failure.message,
    }
}

fn crashed(cause: &str) -> JobResult {
    error!(cause, "failed: each run ended badly");
    JobResult::Fail {
        code: ErrorCode::InternalError.name().to_owned(),
        message: ErrorCode::InternalError.entry().message.to_owned(),
    }
}

/// The end of a job that nobody is to blame for.
pub(super) fn transient(why: &str) -> JobResult {
    let advice = "The video is not known to be at fault. Submit the job again.";
    JobResult::Fail {
        code: ErrorCode::TransientFailure.name().to_owned(),
        message: format!("{why} {advice}"),
    }
}
