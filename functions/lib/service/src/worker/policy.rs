//! What can fail a job, and how long everything else is waited for.
//!
//! Only a verdict on its file or its request fails a job, or a decoder that it brings down again
//! and again while we live and watch. What comes of the machine, the stores or our own end is
//! waited for. How often a queue delivered a message says nothing about whose fault that was, so
//! it decides about the next pause and nothing else.

use super::Worker;
use crate::backoff::Backoff;
use crate::model::{Job, JobResult, RunEnd, RunTrials, UnixMs};
use crate::pictures::{Interrupted, JobFailure};
use contract::error::ErrorCode;
use std::time::Duration;
use tracing::{error, warn};

/// Runs that ended badly by the job's own fault, after which it has failed. Memory errors of a
/// decoder may depend on what lies where, and differ from run to run; what happens five times is the
/// file. What a run did between does not count: a file could bring a decoder down at each picture.
const MOST_FAULTS: u32 = 5;

/// Runs that never said how they ended, and none that came further between them, after which the
/// next is taken apart from us. One worker runs one job at a time, so that each kill of ours hits
/// one that has nothing to do with it; two of them are seldom chance.
const ISOLATED_AFTER: u32 = 2;

/// Runs that never said how they ended, none that came further between them, after which a job
/// that is a day old is given up. Without a bound such a job would take its process down for ever.
const MOST_UNENDED: u32 = 20;

/// Deliveries of a look into a new video after which nobody looks any more, and looks that bring a
/// decoder down. No job depends on one, and a video that takes us down must not do so for ever.
const MOST_PROBES: u32 = 20;
const MOST_PROBE_CRASHES: u32 = 5;

/// How long a job is waited for that meets nothing but trouble.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a job waits for a file that is missing where it should be.
const MISSING: Duration = Duration::from_secs(5 * 60);

/// Before a job is tried again: whatever it waits for, once that is there again the job goes on
/// within half a minute.
const JOB_PAUSE: Backoff = Backoff {
    first: Duration::from_secs(1),
    longest: Duration::from_secs(25),
};

/// The same for what nobody waits for: a look into a new video, a file that came by itself. In a
/// day these are fewer tries than a queue of SQS allows.
const IDLE_PAUSE: Backoff = Backoff {
    longest: Duration::from_secs(120),
    ..JOB_PAUSE
};

/// Whoever kills a whole group of processes kills us within this time of the decoder, and what
/// happened to the decoder was no fault of its file.
const TO_BE_KILLED_TOO: Duration = Duration::from_secs(1);

/// How long what is not the job's fault is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitLimits {
    /// With everything, from when nothing but trouble was met.
    pub day: Duration,
    /// With a file that is missing where it should be, from when that was first seen.
    pub missing: Duration,
}

impl Default for WaitLimits {
    fn default() -> Self {
        Self {
            day: DAY,
            missing: MISSING,
        }
    }
}

/// What a run waits for, in words for the job's owner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum AwaitedResource {
    /// Where jobs and pictures are kept.
    #[default]
    Store,
    /// Where the video lies.
    File,
    /// Reading, decoding, and what these need of the machine.
    Decoder,
}

impl AwaitedResource {
    fn name(self) -> &'static str {
        match self {
            Self::Store => "the store of the service",
            Self::File => "the file of the video",
            Self::Decoder => "a machine that can read and decode the video",
        }
    }
}

/// Before a job's next run.
pub(super) fn pause(number: u32) -> Duration {
    JOB_PAUSE.after(number)
}

/// Before the next try of what nobody waits for.
pub(super) fn idle_pause(number: u32) -> Duration {
    IDLE_PAUSE.after(number)
}

/// Whether nobody looks into a new video any more.
pub(super) fn is_probed_out(number: u32) -> bool {
    number > MOST_PROBES
}

/// Whether what belongs to no job is given up for having ended badly.
pub(super) fn is_given_up(stop: &Interrupted, number: u32) -> bool {
    matches!(stop, Interrupted::Crashed(_)) && number >= MOST_PROBE_CRASHES
}

/// Whether a run is to be taken apart from us.
pub(super) fn isolates(trials: RunTrials) -> bool {
    trials.unended_runs >= ISOLATED_AFTER
}

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
            // What can't be read stays so: it counts like a fault of the job's own, so that the job
            // comes to its end.
            Interrupted::Crashed(cause) | Interrupted::Corrupt(cause) => {
                self.count(job, trials, cause).await
            }
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
    fn since(&self, remembered: Option<UnixMs>) -> UnixMs {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_pauses_for_less_than_half_a_minute() {
        let seconds = [0, 1, 2, 3, 5, 6, 4_000_000_000].map(|number| pause(number).as_secs());
        assert_eq!(seconds, [1, 1, 2, 4, 16, 25, 25]);
        assert_eq!(idle_pause(9).as_secs(), 120);
    }
}
