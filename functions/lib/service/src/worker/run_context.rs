//! One run of a message, while it goes on.

use super::delivery::DeliveryAttempt;
use super::report::RunReport;
use super::wait_limits::AwaitedResource;
use crate::model::{Job, JobResult};
use crate::pictures::Deadline;
use artifacts::manifest::Usage;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

#[derive(Debug, Clone)]
pub(super) struct RunContext {
    pub(super) attempt: DeliveryAttempt,
    pub(super) until: Deadline,
    begun: Instant,
    report: Arc<Mutex<RunReport>>,
    written: Arc<Mutex<BTreeSet<String>>>,
    isolated: Arc<AtomicBool>,
    has_checkpoint: Arc<AtomicBool>,
    awaited: Arc<Mutex<AwaitedResource>>,
}

impl RunContext {
    pub(super) fn new(attempt: DeliveryAttempt, until: Deadline) -> Self {
        Self {
            attempt,
            until,
            begun: Instant::now(),
            report: Arc::default(),
            written: Arc::default(),
            isolated: Arc::default(),
            has_checkpoint: Arc::default(),
            awaited: Arc::default(),
        }
    }

    /// The same run, that ends then.
    pub(super) fn until_then(&self, until: Deadline) -> Self {
        Self {
            until,
            ..self.clone()
        }
    }

    /// The runs before it ended without a word: this one's pictures are taken apart from us.
    pub(super) fn isolate(&self) {
        self.isolated.store(true, Ordering::Relaxed);
    }

    /// Whether its pictures are to be taken where a death is not ours.
    pub(super) fn isolated(&self) -> bool {
        self.isolated.load(Ordering::Relaxed)
    }

    /// There is, or may be, a checkpoint to remove once the job has ended.
    pub(super) fn may_have_checkpoint(&self) {
        self.has_checkpoint.store(true, Ordering::Relaxed);
    }

    pub(super) fn has_checkpoint(&self) -> bool {
        self.has_checkpoint.load(Ordering::Relaxed)
    }

    /// From now on it waits for this, if for anything.
    pub(super) fn waits_for(&self, what: AwaitedResource) {
        *self.awaited.lock().unwrap_or_else(PoisonError::into_inner) = what;
    }

    pub(super) fn awaited(&self) -> AwaitedResource {
        *self.awaited.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn started(&self, job: &Job) {
        tracing::Span::current().record("video_id", job.video_id.as_str());
        let mut report = self.lock();
        report.video_id = Some(job.video_id.to_string());
        report.accepted_ms = Some(job.created_ms);
    }

    /// What it has read and written by now.
    pub(super) fn record_usage(&self, used: Usage) {
        self.lock().usage = used;
    }

    pub(super) fn finished(&self, result: &JobResult) {
        let mut report = self.lock();
        match result {
            JobResult::Success { pictures, .. } => report.pictures = u64::from(*pictures),
            JobResult::Fail { code, .. } => report.failure = Some(code.clone()),
        }
    }

    /// Objects of the job that this run wrote, or one before it.
    pub(super) fn record_written(&self, keys: impl IntoIterator<Item = String>) {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.extend(keys);
    }

    /// The keys of all of them.
    pub(super) fn written(&self) -> BTreeSet<String> {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.clone()
    }

    pub(super) fn checkpointed(&self) {
        self.lock().handed_on = true;
    }

    /// How long it has run.
    pub(super) fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    pub(super) fn report(&self) -> RunReport {
        self.lock().clone()
    }

    /// A report is whole whoever panicked with it in hand.
    fn lock(&self) -> MutexGuard<'_, RunReport> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
