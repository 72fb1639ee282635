//! [`Jobs`] on the table.

use crate::table::{
    BadItem, Change, Item, Key, Table, Transacted, Write, bad, flag, json, put_json, text,
};
use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use service::model::{Completion, Job, JobResult, JobState, SnapshotType};
use service::ports::{Jobs, PortResult};
use std::collections::HashMap;

pub(crate) struct JobItems(pub(crate) Table);

#[async_trait]
impl Jobs for JobItems {
    async fn create(&self, job: &Job) -> PortResult<()> {
        match self.0.transact(&creation(job)).await? {
            Transacted::Done => Ok(()),
            Transacted::Refused(_) => Err(self.0.wrong("the id of this job is in use")),
        }
    }

    async fn get(&self, id: &str) -> PortResult<Option<Job>> {
        let item = self.0.get(Key::job(id)).await?;
        item.map_or(Ok(None), |item| self.read(&item))
    }

    async fn start(&self, id: &str) -> PortResult<()> {
        let change = Change::new(
            "SET phase = :next",
            "phase = :now",
            [
                (":now", phase_of("Queued")),
                (":next", phase_of("Processing")),
            ],
        );
        self.0.update(Key::job(id), change).await.map(drop)
    }

    async fn complete(&self, id: &str, completion: &Completion) -> PortResult<Completion> {
        let job = self.existing(id).await?;
        if let JobState::Completed(held) = job.state {
            return Ok(held);
        }
        match self.0.transact(&completing(&job, completion)).await? {
            Transacted::Done => Ok(completion.clone()),
            Transacted::Refused(_) => match self.existing(id).await?.state {
                JobState::Completed(held) => Ok(held),
                _ => Err(self.0.wrong("a job could not be completed")),
            },
        }
    }

    async fn record_published(&self, id: &str) -> PortResult<()> {
        let change = Change::new(
            "SET published = :yes",
            "attribute_exists(pk)",
            [(":yes", AttributeValue::Bool(true))],
        );
        self.0.update(Key::job(id), change).await.map(drop)
    }

    async fn by_video(&self, video_id: &str, limit: usize) -> PortResult<Vec<Job>> {
        let listed = self.0.query(&Key::jobs(video_id), true, limit).await?;
        self.pointed_to(&listed).await
    }

    async fn latest_success(&self, video_id: &str, kind: SnapshotType) -> PortResult<Option<Job>> {
        let successes = Key::successes(video_id, kind);
        let newest = self.0.query(&successes, true, 1).await?;
        Ok(self.pointed_to(&newest).await?.pop())
    }
}

impl JobItems {
    async fn existing(&self, id: &str) -> PortResult<Job> {
        let found = self.get(id).await?;
        found.ok_or_else(|| self.0.wrong("there is no such job"))
    }

    /// The jobs that `pointers` name, in their order.
    async fn pointed_to(&self, pointers: &[Item]) -> PortResult<Vec<Job>> {
        let ids = pointers.iter().map(|pointer| text(pointer, "id"));
        let ids: Vec<_> = ids
            .collect::<Result<_, _>>()
            .map_err(|cause| self.0.wrong(cause))?;
        let keys: Vec<_> = ids.iter().map(|id| Key::job(id)).collect();
        let items = self.0.get_all(&keys).await?;
        let jobs = items.iter().map(|item| self.read(item));
        let jobs: Vec<_> = jobs.collect::<PortResult<_>>()?;
        let jobs = jobs.into_iter().flatten();
        let mut by_id: HashMap<_, _> = jobs.map(|job| (job.id.clone(), job)).collect();
        Ok(ids.iter().filter_map(|id| by_id.remove(*id)).collect())
    }

    /// Takes back a job whose caller was told otherwise, if no worker has begun it. It is not
    /// there from now on.
    pub(crate) async fn withdraw(&self, id: &str) -> PortResult<bool> {
        let change = Change::new(
            "SET phase = :withdrawn, void = :yes",
            "phase = :now",
            [
                (":now", phase_of("Queued")),
                (":withdrawn", phase_of("Withdrawn")),
                (":yes", AttributeValue::Bool(true)),
            ],
        );
        self.0.update(Key::job(id), change).await
    }

    /// None in place of a job that was taken back, or never came to be.
    fn read(&self, item: &Item) -> PortResult<Option<Job>> {
        if flag(item, "void") {
            return Ok(None);
        }
        job(item).map(Some).map_err(|cause| self.0.wrong(cause))
    }
}

/// What makes `job`, only if its id is new.
pub(crate) fn creation(job: &Job) -> Vec<Write> {
    let mut item = Key::job(&job.id).item();
    item.insert("doc".to_owned(), put_json(job));
    item.insert("phase".to_owned(), phase_of(phase(&job.state)));
    item.insert(
        "published".to_owned(),
        AttributeValue::Bool(job.event_published),
    );
    let listed = pointer(Key::job_of_video(job), &job.id);
    vec![Write::Create(item), Write::Put(listed)]
}

fn job(item: &Item) -> Result<Job, BadItem> {
    let mut job: Job = json(item, "doc")?.ok_or_else(|| bad("doc"))?;
    job.event_published = flag(item, "published");
    job.state = match (json(item, "completion")?, text(item, "phase")?) {
        (Some(completion), _) => JobState::Completed(completion),
        (None, "Processing") => JobState::Processing,
        (None, "Queued") => JobState::Queued,
        (None, _) => return Err(bad("phase")),
    };
    Ok(job)
}

fn completing(job: &Job, completion: &Completion) -> Vec<Write> {
    let phase = match completion.result {
        JobResult::Success { .. } => "Success",
        JobResult::Fail { .. } => "Fail",
    };
    let change = Change::new(
        "SET phase = :phase, completion = :completion",
        "attribute_exists(pk) AND attribute_not_exists(completion)",
        [
            (":phase", phase_of(phase)),
            (":completion", put_json(completion)),
        ],
    );
    let mut writes = vec![Write::Update(Key::job(&job.id), change)];
    if let JobResult::Success { .. } = completion.result {
        writes.push(Write::Put(pointer(Key::success(job), &job.id)));
    }
    writes
}

fn pointer(key: Key, id: &str) -> Item {
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
