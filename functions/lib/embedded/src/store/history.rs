//! What happened lately, for a person who looks at it: jobs of all videos, events and their
//! deliveries.

use super::Store;
use crate::database::SqlResult;
pub use crate::events::{ListedDelivery, ListedEvent};
use crate::jobs::job;
use rusqlite::{Connection, Params, Row};
use service::model::{Job, JobId, UnixMs, VideoId};
use service::ports::PortResult;

const PORT: &str = "history";

/// A job, and what its video is called.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedJob {
    /// As it is now.
    pub job: Job,
    /// None: the video was deleted.
    pub video_title: Option<String>,
}

/// Where a job stands in the list of all jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobPlace {
    /// When it was accepted.
    pub created_ms: UnixMs,
    /// Of the job.
    pub id: JobId,
}

impl JobPlace {
    /// What jobs before it come before; without one, all do.
    fn bound(place: Option<&Self>) -> (UnixMs, &str) {
        place.map_or((UnixMs::MAX, ""), |place| {
            (place.created_ms, place.id.as_str())
        })
    }
}

impl Store {
    /// At most `limit` jobs, of one video or of all, that were accepted before `before`, newest
    /// first.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn recent_jobs(
        &self,
        video: Option<VideoId>,
        before: Option<JobPlace>,
        limit: u32,
    ) -> PortResult<Vec<ListedJob>> {
        let list = move |sql: &Connection| {
            let before = before.as_ref();
            match &video {
                Some(video) => jobs_of_video(sql, video, before, limit),
                None => recent_jobs(sql, before, limit),
            }
        };
        self.database.read(PORT, list).await
    }

    /// The jobs that have not ended, at most `limit`, newest first.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn open_jobs(&self, limit: u32) -> PortResult<Vec<ListedJob>> {
        let is_open = "jobs.status IN ('Queued', 'Processing')";
        let list = move |sql: &Connection| list(sql, is_open, [limit]);
        self.database.read(PORT, list).await
    }

    /// A job and the title of its video.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn listed_job(&self, id: &JobId) -> PortResult<Option<ListedJob>> {
        let Some(job) = self.ports.jobs.get(id).await? else {
            return Ok(None);
        };
        let video = self.ports.videos.by_id(&job.video_id).await?;
        let video_title = video.map(|video| video.title);
        Ok(Some(ListedJob { job, video_title }))
    }

    /// At most `limit` events before the number `before`, newest first.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn recent_events(
        &self,
        before: Option<i64>,
        limit: u32,
    ) -> PortResult<Vec<ListedEvent>> {
        self.events.recent(before, limit).await
    }

    /// Has an attempt made now of a delivery that was given up, or waits for its next one. False:
    /// there is no such delivery, or it is made.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn retry_delivery(&self, id: i64, now_ms: UnixMs) -> PortResult<bool> {
        self.events.retry(id, now_ms).await
    }
}

fn recent_jobs(
    sql: &Connection,
    before: Option<&JobPlace>,
    limit: u32,
) -> SqlResult<Vec<ListedJob>> {
    let (created_ms, id) = JobPlace::bound(before);
    let condition = "(jobs.created_ms, jobs.id) < (?1, ?2)";
    list(sql, condition, (created_ms, id, limit))
}

fn jobs_of_video(
    sql: &Connection,
    video: &VideoId,
    before: Option<&JobPlace>,
    limit: u32,
) -> SqlResult<Vec<ListedJob>> {
    let (created_ms, id) = JobPlace::bound(before);
    let condition = "jobs.video_id = ?1 AND (jobs.created_ms, jobs.id) < (?2, ?3)";
    list(sql, condition, (video.as_str(), created_ms, id, limit))
}

/// Newest first, where `condition` holds. The last of `values` is how many there are at most.
fn list(sql: &Connection, condition: &str, values: impl Params) -> SqlResult<Vec<ListedJob>> {
    let mut select = sql.prepare_cached(&format!(
        "SELECT jobs.*, videos.title AS video_title
         FROM jobs LEFT JOIN videos ON videos.id = jobs.video_id
         WHERE {condition} ORDER BY jobs.created_ms DESC, jobs.id DESC LIMIT ?"
    ))?;
    let listed = select.query_map(values, listed_job)?;
    Ok(listed.collect::<Result<_, _>>()?)
}

fn listed_job(row: &Row<'_>) -> rusqlite::Result<ListedJob> {
    Ok(ListedJob {
        job: job(row)?,
        video_title: row.get("video_title")?,
    })
}
