//! How far a job is, said while it runs.

use crate::model::{JobId, JobProgress};
use crate::pictures::Checkpoint;
use crate::ports::Jobs;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;
use tracing::debug;

/// Between two reports. A job that is shorter writes none.
const EVERY: Duration = Duration::from_secs(1);

/// Says how far one run of a job is.
pub(super) struct ProgressReporter {
    jobs: Arc<dyn Jobs>,
    job_id: JobId,
    /// Files of earlier runs that stay.
    before: usize,
    /// Shots of parts that other runs have done, and of all parts.
    elsewhere: (usize, usize),
    every: Duration,
    next: Instant,
    /// The report on its way. Nobody waits for it: pictures are not held up, and one that is lost
    /// is followed by another.
    last: Option<JoinHandle<()>>,
}

impl ProgressReporter {
    pub(super) fn new(jobs: &Arc<dyn Jobs>, job_id: &JobId, done: &Checkpoint) -> Self {
        Self::at_intervals(EVERY, jobs, job_id, done.files())
    }

    /// Of one part of a job: so many shots of all of its parts were done when it began.
    pub(super) fn of_part(
        jobs: &Arc<dyn Jobs>,
        job_id: &JobId,
        done: &Checkpoint,
        elsewhere: (usize, usize),
    ) -> Self {
        Self {
            elsewhere,
            ..Self::new(jobs, job_id, done)
        }
    }

    fn at_intervals(every: Duration, jobs: &Arc<dyn Jobs>, job_id: &JobId, before: usize) -> Self {
        Self {
            jobs: Arc::clone(jobs),
            job_id: job_id.clone(),
            before,
            elsewhere: (0, 1),
            every,
            next: Instant::now() + every,
            last: None,
        }
    }

    /// `stored` files of `total` are there by now, beside those of earlier runs.
    pub(super) fn report(&mut self, stored: usize, total: usize) {
        let is_busy = self.last.as_ref().is_some_and(|last| !last.is_finished());
        if is_busy || Instant::now() < self.next {
            return;
        }
        self.next = Instant::now() + self.every;
        let (shots, all) = self.elsewhere;
        let before = self.before + total.saturating_mul(shots) / all.max(1);
        let count = |files: usize| u32::try_from(files).unwrap_or(u32::MAX);
        let progress = JobProgress {
            // A pass that is repeated counts its files again.
            done: count((before + stored).min(total)),
            total: count(total),
        };
        let (jobs, job_id) = (Arc::clone(&self.jobs), self.job_id.clone());
        self.last = Some(tokio::spawn(async move {
            if let Err(error) = jobs.record_progress(&job_id, progress).await {
                debug!(%error, "how far a job is could not be kept");
            }
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::MemoryStore;
    use crate::model::SnapshotType;
    use crate::test_suite;

    #[tokio::test]
    async fn a_run_says_how_far_it_is_and_never_more_than_all() {
        let store = MemoryStore::default();
        let jobs: Arc<dyn Jobs> = Arc::new(store.clone());
        let job = test_suite::job(&"v".into(), SnapshotType::NormalSnapshot, 1);
        jobs.create(&job).await.unwrap();
        let mut reporter = ProgressReporter::at_intervals(Duration::ZERO, &jobs, &job.id, 4);
        for (stored, expected) in [(1, 5), (5, 9), (9, 10)] {
            reporter.report(stored, 10);
            reporter.last.take().unwrap().await.unwrap();
            let kept = jobs.get(&job.id).await.unwrap().unwrap().progress;
            let expected = JobProgress {
                done: expected,
                total: 10,
            };
            assert_eq!(kept, Some(expected));
        }
    }

    #[tokio::test]
    async fn a_short_run_says_nothing() {
        let jobs: Arc<dyn Jobs> = Arc::new(MemoryStore::default());
        let mut reporter = ProgressReporter::new(&jobs, &"j".into(), &Checkpoint::default());
        reporter.report(1, 2);
        assert!(reporter.last.is_none());
    }
}
