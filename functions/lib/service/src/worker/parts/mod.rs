//! A large job as many small ones.
//!
//! A run that finds more work than one should do divides it by its index, keeps the division as an
//! object, and sends a message for each part, a few at a time. A part is what the run of a job is, over
//! some of its shots: it writes the same files under the same keys, and then what it has done as an
//! object. Whoever finds that all parts are done joins these objects to a checkpoint, as a run leaves
//! one that is stopped, and sends the job's own message again: its run finds nothing left to take,
//! writes what tells of all, and completes the job as ever.
//!
//! So nothing counts how many parts are done, and each step may happen twice: objects are written whole
//! under keys that follow from the division, and a division has an id that follows from what it
//! divides. A message leaves the queue only after those that follow from it were sent.
//!
//! What a part alone can't settle (its file is another one, its decoder dies again and again, its program
//! is another version) is left to one run over all, which can.

mod divide;
mod division;
mod place;
mod record;
mod settings;
mod sheets;
mod watch;

pub(super) use place::PartPlace;
pub use settings::PartSettings;

use super::checkpoint::CheckpointWriter;
use super::job::RunShare;
use super::progress::ProgressReporter;
use super::{RunContext, Worker};
use crate::model::Job;
use crate::pictures::{Checkpoint, Engine, Interrupted, Scope};
use contract::error::ErrorCode;
use division::{Division, MOST_DIVISIONS};
use plan::Work;
use record::DivisionRecord;
use std::collections::BTreeSet;
use std::sync::Arc;
use tracing::warn;
use watch::{PartWatch, is_cancelled};

/// Deliveries of a part after which the whole job is left to one run: some minutes of trouble.
const MOST_DELIVERIES: u32 = 12;
/// Deliveries after which a part is taken apart from us.
const ISOLATED_AFTER: u32 = 2;

/// How the run of a part came to an end.
enum PartEnd {
    Done,
    /// Nobody wants it any more.
    Unwanted,
    /// Its file is not the one that was divided.
    Replaced,
}

/// One part, found.
struct PartRun<'a> {
    job: &'a Job,
    place: &'a PartPlace,
    division: &'a Division,
    record: &'a DivisionRecord,
}

impl Worker {
    /// How much of a job one run is to do that has `done` so much.
    pub(super) fn scope(&self, done: &Checkpoint, run: &RunContext) -> Scope {
        match self.parts {
            Some(parts) if done.divisions < MOST_DIVISIONS && !run.isolated() => {
                Scope::Dividable(Work::of_time(parts.work))
            }
            _ => Scope::Whole,
        }
    }

    pub(super) async fn run_part(
        &self,
        place: &PartPlace,
        run: &RunContext,
    ) -> Result<(), Interrupted> {
        let Some(job) = self.read_job(&place.job_id).await? else {
            return Ok(());
        };
        if job.is_completed() {
            return self.tidy(&job, run).await;
        }
        run.started(&job);
        let record = DivisionRecord::of(&self.ports.objects, &job, &place.division);
        let Some(division) = record.division().await? else {
            return Ok(());
        };
        let part = PartRun {
            job: &job,
            place,
            division: &division,
            record: &record,
        };
        // Whoever dies of it says nothing.
        if run.attempt.number > MOST_DELIVERIES {
            warn!("the job is left to one run: a part was delivered too often");
            return self.leave(&part, MOST_DIVISIONS, run).await;
        }
        let done = record.done().await?;
        if !done.contains(&place.number) {
            match self.take_part(&part, &done, run).await {
                Ok(PartEnd::Done) => {}
                Ok(PartEnd::Unwanted) => return self.stop_part(&part, run).await,
                Ok(PartEnd::Replaced) => return self.leave(&part, 0, run).await,
                Err(stop) => return self.weigh_part(&part, stop, run).await,
            }
        }
        self.go_on_after(&part, run).await
    }

    async fn take_part(
        &self,
        part: &PartRun<'_>,
        done: &BTreeSet<u32>,
        run: &RunContext,
    ) -> Result<PartEnd, Interrupted> {
        let PartRun { job, division, .. } = *part;
        let number = part.place.number;
        let Some(shots) = division.parts.get(number as usize).cloned() else {
            return Ok(PartEnd::Unwanted);
        };
        if is_cancelled(&self.ports, job).await? {
            return Ok(PartEnd::Unwanted);
        }
        if division.made_by != self.made_by() {
            let cause = "the job was divided by another version of the program or the decoder";
            return Err(Interrupted::Retry(cause.to_owned()));
        }
        if run.attempt.number > ISOLATED_AFTER {
            run.isolate();
        }
        let begun = part.record.begun(number).await?;
        let begun = begun.unwrap_or_else(|| division.begin());
        run.record_written(begun.written.clone());
        let until = run.until.child();
        let run = run.until_then(until.clone());
        let watch = PartWatch::start(&self.ports, job, part.record, until);
        let excerpt = match run.isolated() {
            true => None,
            false => part.record.excerpt(number).await?,
        };
        let key = part.record.begun_key(number);
        let mut checkpoints = CheckpointWriter::of_part(self, job, key, begun.clone());
        let elsewhere = done
            .iter()
            .filter_map(|done| division.parts.get(*done as usize));
        let elsewhere = elsewhere.map(std::ops::Range::len).sum();
        let progress = ProgressReporter::of_part(
            &self.ports.jobs,
            &job.id,
            &begun,
            (elsewhere, division.shots()),
        );
        let share = RunShare {
            scope: Scope::Part(shots),
            excerpt: excerpt.map(Arc::new),
            done: begun,
        };
        let taken = self
            .take_shots(
                job,
                share,
                self.engine_of_part(division),
                (&mut checkpoints, progress),
                &run,
            )
            .await;
        let now = match taken {
            Err(Interrupted::Paused(now)) => now,
            Err(stop) => return Err(stop),
            Ok(_) => return Err(Interrupted::Crashed("a part gave a manifest".to_owned())),
        };
        if !division.is_of_its_file(&now) {
            return Ok(PartEnd::Replaced);
        }
        if division.is_whole(number as usize, &now) {
            part.record.finish(number, &now).await?;
            return Ok(PartEnd::Done);
        }
        if watch.ended_it() {
            return Ok(PartEnd::Unwanted);
        }
        self.checkpoint(&mut checkpoints, &now, &run).await?;
        run.checkpointed();
        Err(Interrupted::Paused(now))
    }

    /// All parts together take no more of a processor than one run over all may.
    fn engine_of_part(&self, division: &Division) -> Arc<Engine> {
        let mut engine = Engine::clone(&self.engine);
        let parts = u32::try_from(division.parts.len()).unwrap_or(u32::MAX);
        engine.limits.cpu /= parts.max(1);
        Arc::new(engine)
    }

    /// What follows once a part is done.
    async fn go_on_after(&self, part: &PartRun<'_>, run: &RunContext) -> Result<(), Interrupted> {
        let PartRun {
            job,
            place,
            division,
            record,
        } = *part;
        let done = record.done().await?;
        if division.is_all(&done) {
            return self.leave(part, 0, run).await;
        }
        self.make_sheets_of(part, &done).await?;
        let next = place.number.saturating_add(division.at_once);
        let is_open = division.numbers().contains(&next) && !done.contains(&next);
        let next = is_open.then_some(next).into_iter().collect();
        self.send_parts(job, &place.division, next).await?;
        self.tidy_if_ended(job, run).await
    }

    /// Nobody wants the part any more: its job has ended, goes on in another way, or is of what was
    /// deleted.
    async fn stop_part(&self, part: &PartRun<'_>, run: &RunContext) -> Result<(), Interrupted> {
        if is_cancelled(&self.ports, part.job).await? {
            let message = "The video or the pictures of this job were deleted while it ran.";
            let stop = Interrupted::failed(ErrorCode::ResourceNotFound, message);
            return self.end_part(part, stop, run).await;
        }
        self.tidy_if_ended(part.job, run).await
    }

    /// What it means for its job that a part stopped short.
    async fn weigh_part(
        &self,
        part: &PartRun<'_>,
        stop: Interrupted,
        run: &RunContext,
    ) -> Result<(), Interrupted> {
        let is_spent = run.attempt.number >= MOST_DELIVERIES
            || self.has_passed(self.wait_limits.day, part.division.made_ms);
        match stop {
            // Of what one run over all may take, a part has its share.
            Interrupted::Failed(failure) if failure.code == ErrorCode::CpuTime => {
                self.leave(part, MOST_DIVISIONS, run).await
            }
            Interrupted::Failed(_) => self.end_part(part, stop, run).await,
            Interrupted::Paused(_) => Err(stop),
            // Whatever it is, one run over all finds out, and how long it is waited for.
            stop if is_spent => {
                warn!(cause = %stop, "the job is left to one run");
                self.leave(part, MOST_DIVISIONS, run).await
            }
            stop => Err(stop),
        }
    }

    /// Leaves the job to one run over all.
    async fn leave(
        &self,
        part: &PartRun<'_>,
        further: u32,
        run: &RunContext,
    ) -> Result<(), Interrupted> {
        let PartRun {
            job,
            division,
            record,
            ..
        } = *part;
        // Another one may have done so long ago.
        if record.is_kept().await? {
            self.join(job, division, record, further).await?;
        }
        self.tidy_if_ended(job, run).await
    }

    /// A verdict on one part is one on its job.
    async fn end_part(
        &self,
        part: &PartRun<'_>,
        stop: Interrupted,
        run: &RunContext,
    ) -> Result<(), Interrupted> {
        let awaited = run.awaited();
        let trials = crate::model::RunTrials::default();
        let ended = self.weigh(part.job, trials, stop, awaited).await?;
        let Some(result) = ended else {
            return self.tidy_if_ended(part.job, run).await;
        };
        self.look_again(&part.job.video_id).await?;
        run.finished(&result);
        self.complete(part.job, result, run).await
    }

    /// A part that was slower than its job leaves nothing.
    async fn tidy_if_ended(&self, job: &Job, run: &RunContext) -> Result<(), Interrupted> {
        match self.read_job(&job.id).await? {
            Some(job) if job.is_completed() => self.tidy(&job, run).await,
            _ => Ok(()),
        }
    }
}
