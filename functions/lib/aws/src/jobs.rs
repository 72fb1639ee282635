//! [`Jobs`] on the table.

use crate::table::{
    BadItem, Item, ItemChange, ItemKey, ItemWrite, Table, TransactionOutcome, bad, flag, json,
    optional_number, put_json, put_number, text,
};
use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use service::model::{
    Completion, Job, JobId, JobProgress, JobResult, JobState, RunEnd, RunTrials, SnapshotType,
    VideoId,
};
use service::ports::{Jobs, PortResult};
use std::collections::HashMap;

pub(crate) struct JobItems(pub(crate) Table);

/// What holds for a job that is there, was not taken back and has not ended.
const OPEN: &str = "attribute_exists(pk) AND attribute_not_exists(completion) \
    AND attribute_not_exists(taken_back)";

/// Of a job that is further than when it was last told of.
const FURTHER: &str = "attribute_exists(pk) AND attribute_not_exists(completion) \
    AND attribute_not_exists(taken_back) \
    AND (attribute_not_exists(progress_total) OR progress_total <> :total OR progress_done < :done)";

#[async_trait]
impl Jobs for JobItems {
    async fn create(&self, job: &Job) -> PortResult<()> {
        match self.0.transact(&creation(job)).await? {
            TransactionOutcome::Done => Ok(()),
            TransactionOutcome::Refused(_) => Err(self.0.refused("the id of this job is in use")),
        }
    }

    async fn get(&self, id: &JobId) -> PortResult<Option<Job>> {
        let item = self.0.get(ItemKey::job(id)).await?;
        item.map_or(Ok(None), |item| self.read(&item))
    }

    /// An answer that gets lost is asked for again, and then one more run counts: that is the most
    /// that can come of it.
    async fn start(&self, id: &JobId) -> PortResult<Option<RunTrials>> {
        let change = ItemChange::new(
            "SET phase = :processing, unended_runs = if_not_exists(unended_runs, :none) + :one",
            OPEN,
            [
                (":processing", phase_of("Processing")),
                (":none", put_number(0)),
                (":one", put_number(1)),
            ],
        );
        let before = self.0.exchange(ItemKey::job(id), change).await?;
        let trials = before.map(|item| trials(&item)).transpose();
        trials.map_err(|cause| self.0.corrupt(cause))
    }

    async fn record_run(&self, id: &JobId, end: RunEnd) -> PortResult<bool> {
        let none = (":none", put_number(0));
        let change = match end {
            RunEnd::Unharmed => ItemChange::new(
                "SET unended_runs = :none REMOVE missing_since_ms, waiting_since_ms",
                OPEN,
                [none],
            ),
            RunEnd::Waiting { since_ms } => ItemChange::new(
                "SET unended_runs = :none, waiting_since_ms = :since REMOVE missing_since_ms",
                OPEN,
                [none, (":since", put_number(since_ms))],
            ),
            RunEnd::Missing { since_ms } => ItemChange::new(
                "SET unended_runs = :none, missing_since_ms = :since REMOVE waiting_since_ms",
                OPEN,
                [none, (":since", put_number(since_ms))],
            ),
            RunEnd::Fault { number } => ItemChange::new(
                "SET unended_runs = :none, faults = :faults \
                 REMOVE missing_since_ms, waiting_since_ms",
                OPEN,
                [none, (":faults", put_number(number))],
            ),
        };
        self.0.update(ItemKey::job(id), change).await
    }

    async fn record_progress(&self, id: &JobId, progress: JobProgress) -> PortResult<()> {
        let change = ItemChange::new(
            "SET progress = :progress, progress_done = :done, progress_total = :total",
            FURTHER,
            [
                (":progress", put_json(&progress)),
                (":done", put_number(progress.done)),
                (":total", put_number(progress.total)),
            ],
        );
        self.0.update(ItemKey::job(id), change).await.map(drop)
    }

    async fn complete(&self, id: &JobId, completion: &Completion) -> PortResult<Completion> {
        let job = self.existing(id).await?;
        if let JobState::Completed(held) = job.state {
            return Ok(held);
        }
        match self.0.transact(&completing(&job, completion)).await? {
            TransactionOutcome::Done => Ok(completion.clone()),
            TransactionOutcome::Refused(_) => match self.existing(id).await?.state {
                JobState::Completed(held) => Ok(held),
                _ => Err(self.0.unavailable("the job could not be completed")),
            },
        }
    }

    async fn record_published(&self, id: &JobId) -> PortResult<()> {
        let change = ItemChange::new(
            "SET published = :yes",
            "attribute_exists(pk)",
            [(":yes", AttributeValue::Bool(true))],
        );
        self.0.update(ItemKey::job(id), change).await.map(drop)
    }

    async fn by_video(&self, video_id: &VideoId, limit: usize) -> PortResult<Vec<Job>> {
        let listed = self.0.query(&ItemKey::jobs(video_id), true, limit).await?;
        self.pointed_to(&listed).await
    }

    async fn latest_success(
        &self,
        video_id: &VideoId,
        kind: SnapshotType,
    ) -> PortResult<Option<Job>> {
        let successes = ItemKey::successes(video_id, kind);
        let newest = self.0.query(&successes, true, 1).await?;
        Ok(self.pointed_to(&newest).await?.pop())
    }
}

impl JobItems {
    async fn existing(&self, id: &JobId) -> PortResult<Job> {
        let found = self.get(id).await?;
        found.ok_or_else(|| self.0.refused("the job does not exist"))
    }

    /// The jobs that `pointers` name, in their order.
    async fn pointed_to(&self, pointers: &[Item]) -> PortResult<Vec<Job>> {
        let ids = pointers.iter().map(|pointer| text(pointer, "id"));
        let ids: Vec<_> = ids
            .collect::<Result<_, _>>()
            .map_err(|cause| self.0.corrupt(cause))?;
        let keys: Vec<_> = ids.iter().map(|id| ItemKey::job(id)).collect();
        let items = self.0.get_all(&keys).await?;
        let jobs = items.iter().map(|item| self.read(item));
        let jobs: Vec<_> = jobs.collect::<PortResult<_>>()?;
        let jobs = jobs.into_iter().flatten();
        let mut by_id: HashMap<_, _> = jobs.map(|job| (job.id.to_string(), job)).collect();
        Ok(ids.iter().filter_map(|id| by_id.remove(*id)).collect())
    }

    /// Takes back a job whose caller was told otherwise, if no worker has begun it. It is not
    /// there from now on.
    pub(crate) async fn withdraw(&self, id: &JobId) -> PortResult<bool> {
        let change = ItemChange::new(
            "SET phase = :withdrawn, taken_back = :yes",
            "phase = :now",
            [
                (":now", phase_of("Queued")),
                (":withdrawn", phase_of("Withdrawn")),
                (":yes", AttributeValue::Bool(true)),
            ],
        );
        self.0.update(ItemKey::job(id), change).await
    }

    /// None in place of a job that was taken back, or never came to be.
    fn read(&self, item: &Item) -> PortResult<Option<Job>> {
        if flag(item, "taken_back") {
            return Ok(None);
        }
        job(item).map(Some).map_err(|cause| self.0.corrupt(cause))
    }
}

/// What makes `job`, only if its id is new.
pub(crate) fn creation(job: &Job) -> Vec<ItemWrite> {
    let mut item = ItemKey::job(&job.id).item();
    item.insert("doc".to_owned(), put_json(job));
    item.insert("phase".to_owned(), phase_of(phase(&job.state)));
    item.insert(
        "published".to_owned(),
        AttributeValue::Bool(job.event_published),
    );
    let listed = pointer(ItemKey::job_of_video(job), &job.id);
    vec![ItemWrite::Create(item), ItemWrite::Put(listed)]
}

fn job(item: &Item) -> Result<Job, BadItem> {
    let mut job: Job = json(item, "doc")?.ok_or_else(|| bad("doc"))?;
    job.event_published = flag(item, "published");
    job.progress = json(item, "progress")?;
    job.state = match (json(item, "completion")?, text(item, "phase")?) {
        (Some(completion), _) => JobState::Completed(completion),
        (None, "Processing") => JobState::Processing,
        (None, "Queued") => JobState::Queued,
        (None, _) => return Err(bad("phase")),
    };
    Ok(job)
}

/// Of an item that no run has written to, none of each.
fn trials(item: &Item) -> Result<RunTrials, BadItem> {
    let count = |name| {
        let number = optional_number(item, name)?.unwrap_or_default();
        u32::try_from(number).map_err(|_| bad(name))
    };
    Ok(RunTrials {
        unended_runs: count("unended_runs")?,
        faults: count("faults")?,
        missing_since_ms: optional_number(item, "missing_since_ms")?,
        waiting_since_ms: optional_number(item, "waiting_since_ms")?,
    })
}

fn completing(job: &Job, completion: &Completion) -> Vec<ItemWrite> {
    let phase = match completion.result {
        JobResult::Success { .. } => "Success",
        JobResult::Fail { .. } => "Fail",
    };
    let change = ItemChange::new(
        "SET phase = :phase, completion = :completion",
        OPEN,
        [
            (":phase", phase_of(phase)),
            (":completion", put_json(completion)),
        ],
    );
    let mut writes = vec![ItemWrite::Update(ItemKey::job(&job.id), change)];
    if let JobResult::Success { .. } = completion.result {
        writes.push(ItemWrite::Put(pointer(ItemKey::success(job), &job.id)));
    }
    writes
}

fn pointer(key: ItemKey, id: &str) -> Item {
    let mut item = key.item();
    item.insert("id".to_owned(), AttributeValue::S(id.to_owned()));
    item
}

fn phase(state: &JobState) -> &'static str {
    match state {
        JobState::Queued => "Queued",
        // A job is created before it ends; its completion is written by the one way there is.
        JobState::Processing | JobState::Completed(_) => "Processing",
    }
}

fn phase_of(name: &str) -> AttributeValue {
    AttributeValue::S(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Item, JobState, job};
    use aws_sdk_dynamodb::types::AttributeValue;

    /// As the last release wrote it: never changed.
    fn item_of_the_last_release(phase: &str, completion: Option<&str>) -> Item {
        let doc = concat!(
            r#"{"id":"fb4c","video_id":"f592","request_id":"F42E","spec":{"points":{"Every":"#,
            r#"{"interval_s":1,"count":2,"offset_ms":0}},"width":160,"height":null,"#,
            r#""frame_type":"Normal","sprite":null},"kind":"NormalSnapshot","extend":null,"#,
            r#""callback_url":null,"created_ms":1700000000225,"state":"Queued","#,
            r#""event_published":false}"#,
        );
        let texts = [
            ("doc", Some(doc)),
            ("phase", Some(phase)),
            ("completion", completion),
        ];
        let text = |(name, text): (&str, Option<&str>)| {
            text.map(|text| (name.to_owned(), AttributeValue::S(text.to_owned())))
        };
        texts.into_iter().filter_map(text).collect()
    }

    #[test]
    fn jobs_of_the_last_release_are_understood() {
        let state = |item: &Item| job(item).map(|job| job.state).ok();
        let item = item_of_the_last_release("Queued", None);
        assert_eq!(state(&item), Some(JobState::Queued));
        let item = item_of_the_last_release("Processing", None);
        assert_eq!(state(&item), Some(JobState::Processing));
        let completion = r#"{"at_ms":1,"event_id":"SnapshotComplete-fb4c","result":{"Success":{"pictures":2,"sheets":0,"keeps_pictures":true}}}"#;
        let item = item_of_the_last_release("Success", Some(completion));
        assert!(matches!(state(&item), Some(JobState::Completed(_))));
    }
}
