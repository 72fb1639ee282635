use super::{MemoryStore, StoredJob, Tables};
use crate::model::VideoId;
use crate::model::{
    Completion, Job, JobId, JobProgress, JobResult, JobState, RunEnd, RunTrials, SnapshotType,
};
use crate::ports::{Jobs, PortError, PortResult};
use async_trait::async_trait;

const PORT: &str = "jobs";

#[async_trait]
impl Jobs for MemoryStore {
    async fn create(&self, job: &Job) -> PortResult<()> {
        self.lock().create(job)
    }

    async fn get(&self, id: &JobId) -> PortResult<Option<Job>> {
        Ok(self.lock().jobs.get(id).map(|held| held.job.clone()))
    }

    async fn start(&self, id: &JobId) -> PortResult<Option<RunTrials>> {
        let mut tables = self.lock();
        let Some(held) = tables.open(id) else {
            return Ok(None);
        };
        let before = held.trials;
        held.job.state = JobState::Processing;
        held.trials.unended_runs += 1;
        Ok(Some(before))
    }

    async fn record_run(&self, id: &JobId, end: RunEnd) -> PortResult<bool> {
        let mut tables = self.lock();
        let Some(held) = tables.open(id) else {
            return Ok(false);
        };
        let faults = held.trials.faults;
        held.trials = match end {
            RunEnd::Unharmed => RunTrials {
                faults,
                ..RunTrials::default()
            },
            RunEnd::Waiting { since_ms } => RunTrials {
                faults,
                waiting_since_ms: Some(since_ms),
                ..RunTrials::default()
            },
            RunEnd::Missing { since_ms } => RunTrials {
                faults,
                missing_since_ms: Some(since_ms),
                ..RunTrials::default()
            },
            RunEnd::Fault { number } => RunTrials {
                faults: number,
                ..RunTrials::default()
            },
        };
        Ok(true)
    }

    async fn record_progress(&self, id: &JobId, progress: JobProgress) -> PortResult<()> {
        if let Some(held) = self.lock().open(id) {
            let is_behind =
                |known: JobProgress| known.total == progress.total && known.done > progress.done;
            if !held.job.progress.is_some_and(is_behind) {
                held.job.progress = Some(progress);
            }
        }
        Ok(())
    }

    async fn complete(&self, id: &JobId, completion: &Completion) -> PortResult<Completion> {
        let jobs = &mut self.lock().jobs;
        let held = jobs.get_mut(id).ok_or_else(no_such_job)?;
        if let JobState::Completed(first) = &held.job.state {
            return Ok(first.clone());
        }
        held.job.state = JobState::Completed(completion.clone());
        Ok(completion.clone())
    }

    async fn record_published(&self, id: &JobId) -> PortResult<()> {
        if let Some(held) = self.lock().jobs.get_mut(id) {
            held.job.event_published = true;
        }
        Ok(())
    }

    async fn by_video(&self, video_id: &VideoId, limit: usize) -> PortResult<Vec<Job>> {
        let mut listed = self.lock().newest_first(|job| job.video_id == *video_id);
        listed.truncate(limit);
        Ok(listed)
    }

    async fn latest_success(
        &self,
        video_id: &VideoId,
        kind: SnapshotType,
    ) -> PortResult<Option<Job>> {
        let is_meant =
            |job: &Job| job.video_id == *video_id && job.kind == kind && is_success(&job.state);
        Ok(self.lock().newest_first(is_meant).into_iter().next())
    }
}

impl Tables {
    pub(super) fn create(&mut self, job: &Job) -> PortResult<()> {
        if self.jobs.contains_key(&job.id) {
            return Err(PortError::refused(PORT, "the id of this job is in use"));
        }
        let stored = StoredJob {
            job: job.clone(),
            trials: RunTrials::default(),
        };
        self.jobs.insert(job.id.clone(), stored);
        Ok(())
    }

    /// A job that has not ended.
    fn open(&mut self, id: &JobId) -> Option<&mut StoredJob> {
        let held = self.jobs.get_mut(id)?;
        (!held.job.is_completed()).then_some(held)
    }

    fn newest_first(&self, is_meant: impl Fn(&Job) -> bool) -> Vec<Job> {
        let jobs = self.jobs.values().map(|held| &held.job);
        let mut listed: Vec<_> = jobs.filter(|job| is_meant(job)).cloned().collect();
        listed.sort_by(|a, b| (b.created_ms, &b.id).cmp(&(a.created_ms, &a.id)));
        listed
    }
}

fn is_success(state: &JobState) -> bool {
    let JobState::Completed(completion) = state else {
        return false;
    };
    matches!(completion.result, JobResult::Success { .. })
}

fn no_such_job() -> PortError {
    PortError::refused(PORT, "the job does not exist")
}
