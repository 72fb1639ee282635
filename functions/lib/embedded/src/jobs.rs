//! [`Jobs`] on a table.

use crate::database::{Database, Json, Named, SqlError, SqlResult};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, named_params};
use service::model::{
    Completion, Job, JobId, JobProgress, JobResult, JobState, RunEnd, RunTrials, SnapshotType,
    VideoId,
};
use service::ports::{Jobs, PortResult};

const PORT: &str = "jobs";

pub(crate) struct JobTable(pub(crate) Database);

#[async_trait]
impl Jobs for JobTable {
    async fn create(&self, job: &Job) -> PortResult<()> {
        let job = job.clone();
        self.0.write(PORT, move |sql| insert(sql, &job)).await
    }

    async fn get(&self, id: &JobId) -> PortResult<Option<Job>> {
        let id = id.to_string();
        let get = move |sql: &Connection| {
            let mut select = sql.prepare_cached("SELECT * FROM jobs WHERE id = ?1")?;
            Ok(select.query_row([id], job).optional()?)
        };
        self.0.read(PORT, get).await
    }

    async fn start(&self, id: &JobId) -> PortResult<Option<RunTrials>> {
        let id = id.to_string();
        self.0.write(PORT, move |sql| start(sql, &id)).await
    }

    async fn record_run(&self, id: &JobId, end: RunEnd) -> PortResult<bool> {
        let id = id.to_string();
        self.0
            .write(PORT, move |sql| record_run(sql, &id, end))
            .await
    }

    async fn record_progress(&self, id: &JobId, progress: JobProgress) -> PortResult<()> {
        let id = id.to_string();
        let record = move |sql: &Connection| {
            let update = "UPDATE jobs SET progress = ?2 WHERE id = ?1 AND completion IS NULL
                AND (progress IS NULL OR progress ->> '$.total' <> ?2 ->> '$.total'
                    OR progress ->> '$.done' < ?2 ->> '$.done')";
            sql.prepare_cached(update)?.execute((id, Json(progress)))?;
            Ok(())
        };
        self.0.write(PORT, record).await
    }

    async fn complete(&self, id: &JobId, completion: &Completion) -> PortResult<Completion> {
        let (id, completion) = (id.to_string(), completion.clone());
        self.0
            .write(PORT, move |sql| complete(sql, &id, &completion))
            .await
    }

    async fn record_published(&self, id: &JobId) -> PortResult<()> {
        self.update(id, "UPDATE jobs SET event_published = 1 WHERE id = ?1")
            .await
    }

    async fn by_video(&self, video_id: &VideoId, limit: usize) -> PortResult<Vec<Job>> {
        let video_id = video_id.to_string();
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let list = move |sql: &Connection| {
            let mut select = sql.prepare_cached(
                "SELECT * FROM jobs WHERE video_id = ?1 ORDER BY created_ms DESC, id DESC LIMIT ?2",
            )?;
            Ok(select
                .query_map((video_id, limit), job)?
                .collect::<Result<_, _>>()?)
        };
        self.0.read(PORT, list).await
    }

    async fn latest_success(
        &self,
        video_id: &VideoId,
        kind: SnapshotType,
    ) -> PortResult<Option<Job>> {
        let video_id = video_id.to_string();
        let find = move |sql: &Connection| {
            let mut select = sql.prepare_cached(
                "SELECT * FROM jobs WHERE video_id = ?1 AND kind = ?2 AND status = 'Success'
                 ORDER BY created_ms DESC, id DESC LIMIT 1",
            )?;
            Ok(select.query_row((video_id, kind.name()), job).optional()?)
        };
        self.0.read(PORT, find).await
    }
}

impl JobTable {
    async fn update(&self, id: &JobId, update: &'static str) -> PortResult<()> {
        let id = id.to_string();
        let run = move |sql: &Connection| {
            sql.prepare_cached(update)?.execute([id])?;
            Ok(())
        };
        self.0.write(PORT, run).await
    }
}

fn start(sql: &Connection, id: &str) -> SqlResult<Option<RunTrials>> {
    let select = "SELECT unended_runs, faults, missing_since_ms, waiting_since_ms FROM jobs
        WHERE id = ?1 AND completion IS NULL";
    let trials = sql
        .prepare_cached(select)?
        .query_row([id], trials)
        .optional()?;
    let update = "UPDATE jobs SET status = 'Processing', unended_runs = unended_runs + 1
        WHERE id = ?1 AND completion IS NULL";
    sql.prepare_cached(update)?.execute([id])?;
    Ok(trials)
}

fn trials(row: &Row<'_>) -> rusqlite::Result<RunTrials> {
    Ok(RunTrials {
        unended_runs: row.get("unended_runs")?,
        faults: row.get("faults")?,
        missing_since_ms: row.get("missing_since_ms")?,
        waiting_since_ms: row.get("waiting_since_ms")?,
    })
}

fn record_run(sql: &Connection, id: &str, end: RunEnd) -> SqlResult<bool> {
    let (missing_since_ms, waiting_since_ms, faults) = match end {
        RunEnd::Unharmed => (None, None, None),
        RunEnd::Waiting { since_ms } => (None, Some(since_ms), None),
        RunEnd::Missing { since_ms } => (Some(since_ms), None, None),
        RunEnd::Fault { number } => (None, None, Some(number)),
    };
    let update = "UPDATE jobs SET unended_runs = 0, missing_since_ms = ?2, waiting_since_ms = ?3,
        faults = coalesce(?4, faults) WHERE id = ?1 AND completion IS NULL";
    let values = (id, missing_since_ms, waiting_since_ms, faults);
    let changed = sql.prepare_cached(update)?.execute(values)?;
    Ok(changed == 1)
}

fn complete(sql: &Connection, id: &str, completion: &Completion) -> SqlResult<Completion> {
    let update =
        "UPDATE jobs SET status = ?2, completion = ?3 WHERE id = ?1 AND completion IS NULL";
    let status = ended(completion);
    sql.prepare_cached(update)?
        .execute((id, status, Json(completion)))?;
    let held = sql
        .prepare_cached("SELECT completion FROM jobs WHERE id = ?1")?
        .query_row([id], |row| Ok(row.get::<_, Json<_>>(0)?.0))
        .optional()?;
    held.ok_or(SqlError::Missing("job"))
}

pub(crate) fn insert(sql: &Connection, job: &Job) -> SqlResult<()> {
    let (status, completion) = match &job.state {
        JobState::Queued => ("Queued", None),
        JobState::Processing => ("Processing", None),
        JobState::Completed(completion) => (ended(completion), Some(Json(completion))),
    };
    let insert = "INSERT INTO jobs (id, video_id, request_id, spec, kind, extend, callback_url,
        created_ms, status, completion, event_published, progress)
        VALUES (:id, :video_id, :request_id, :spec, :kind, :extend,
        :callback_url, :created_ms, :status, :completion, :event_published, :progress)";
    sql.prepare_cached(insert)?.execute(named_params! {
        ":id": job.id.as_str(),
        ":video_id": job.video_id.as_str(),
        ":request_id": job.request_id.as_str(),
        ":spec": Json(&job.spec),
        ":kind": job.kind.name(),
        ":extend": job.extend,
        ":callback_url": job.callback_url,
        ":created_ms": job.created_ms,
        ":status": status,
        ":completion": completion,
        ":event_published": job.event_published,
        ":progress": job.progress.map(Json),
    })?;
    Ok(())
}

fn ended(completion: &Completion) -> &'static str {
    match completion.result {
        JobResult::Success { .. } => "Success",
        JobResult::Fail { .. } => "Fail",
    }
}

pub(crate) fn job(row: &Row<'_>) -> rusqlite::Result<Job> {
    Ok(Job {
        id: row.get::<_, String>("id")?.into(),
        video_id: row.get::<_, String>("video_id")?.into(),
        request_id: row.get::<_, String>("request_id")?.into(),
        spec: row.get::<_, Json<_>>("spec")?.0,
        kind: row.get::<_, Named<_>>("kind")?.0,
        extend: row.get("extend")?,
        callback_url: row.get("callback_url")?,
        created_ms: row.get("created_ms")?,
        state: state(row)?,
        event_published: row.get("event_published")?,
        progress: row
            .get::<_, Option<Json<_>>>("progress")?
            .map(|json| json.0),
        event_urls: None,
    })
}

fn state(row: &Row<'_>) -> rusqlite::Result<JobState> {
    if let Some(Json(completion)) = row.get("completion")? {
        return Ok(JobState::Completed(completion));
    }
    let begun = row.get_ref("status")?.as_str()? == "Processing";
    Ok(if begun {
        JobState::Processing
    } else {
        JobState::Queued
    })
}
