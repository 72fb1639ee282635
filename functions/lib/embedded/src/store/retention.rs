//! What is old goes, a few rows and files at a time, so that nobody waits for it.
//!
//! Files go before the rows that tell of them: a process that is killed in between does the rest
//! at its next start. What runs, or is still to be delivered, stays however old it is.

use super::Store;
use crate::database::SqlResult;
use crate::jobs::job;
use crate::nonces::forget_expired;
use crate::uploads::forget_old;
use rusqlite::{Connection, OptionalExtension};
use service::model::{Job, JobState, UnixMs};
use service::pictures::all_keys;
use service::ports::PortResult;

const PORT: &str = "retention";
/// Jobs, with all their files, at a time.
const JOBS: u32 = 32;
/// Rows of one write.
const ROWS: u32 = 256;

impl Store {
    /// Removes the pictures and the manifests of some jobs that ended before `before_ms`; how many
    /// jobs that were. The jobs stay, and list nothing.
    ///
    /// # Errors
    /// The database or the disk did not answer.
    pub async fn remove_old_pictures(&self, before_ms: UnixMs) -> PortResult<usize> {
        let find = move |sql: &Connection| jobs_with_pictures(sql, before_ms);
        let jobs = self.database.read(PORT, find).await?;
        let Some(last) = jobs.last().and_then(ended) else {
            return Ok(0);
        };
        let keys = jobs.iter().flat_map(all_keys).collect();
        self.objects.remove_all(keys).await?;
        let remember = move |sql: &Connection| {
            let upsert = "INSERT INTO pictures_removed VALUES (1, ?1, ?2)
                ON CONFLICT (one) DO UPDATE SET ended_ms = ?1, job_id = ?2";
            sql.prepare_cached(upsert)?.execute(last)?;
            Ok(())
        };
        self.database.write(PORT, remember).await?;
        Ok(jobs.len())
    }

    /// Removes some jobs that ended before `before_ms`, with all that is left of them; how many.
    ///
    /// # Errors
    /// The database or the disk did not answer.
    pub async fn remove_old_jobs(&self, before_ms: UnixMs) -> PortResult<usize> {
        let find = move |sql: &Connection| jobs_to_forget(sql, before_ms);
        let jobs = self.database.read(PORT, find).await?;
        self.objects.remove_jobs(jobs.clone()).await?;
        let count = jobs.len();
        let forget = move |sql: &Connection| jobs.iter().try_for_each(|job| forget(sql, job));
        if count > 0 {
            self.database.write(PORT, forget).await?;
        }
        Ok(count)
    }

    /// Forgets some uploads by URL that ended before `before_ms`; how many. Their videos stay.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn remove_old_uploads(&self, before_ms: UnixMs) -> PortResult<usize> {
        let forget = move |sql: &Connection| forget_old(sql, before_ms, ROWS);
        self.database.write(PORT, forget).await
    }

    /// Removes some events from before `before_ms` that everybody got or nobody will, and what
    /// is known of receivers that nobody needed since; how many.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn remove_old_events(&self, before_ms: UnixMs) -> PortResult<usize> {
        let old = move |sql: &Connection| events_to_forget(sql, before_ms);
        let events = self.database.read(PORT, old).await?;
        let remove = move |sql: &Connection| {
            for seq in &events {
                forget_event(sql, *seq)?;
            }
            let receivers = "DELETE FROM receivers WHERE origin IN (SELECT origin FROM receivers
                WHERE turn_ms IS NULL AND seen_ms < ?1 LIMIT ?2)";
            let receivers = sql.prepare_cached(receivers)?.execute((before_ms, ROWS))?;
            Ok(events.len() + receivers)
        };
        self.database.write(PORT, remove).await
    }

    /// Forgets some nonces that may be used again; how many.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn remove_old_nonces(&self, now_ms: UnixMs) -> PortResult<usize> {
        let forget = move |sql: &Connection| forget_expired(sql, now_ms);
        self.database.write(PORT, forget).await
    }
}

/// When a job ended, and its id: the order of all jobs that have ended.
fn ended(job: &Job) -> Option<(UnixMs, String)> {
    match &job.state {
        JobState::Completed(completion) => Some((completion.at_ms, job.id.to_string())),
        JobState::Queued | JobState::Processing => None,
    }
}

fn jobs_with_pictures(sql: &Connection, before_ms: UnixMs) -> SqlResult<Vec<Job>> {
    let last = "SELECT ended_ms, job_id FROM pictures_removed";
    let last: Option<(UnixMs, String)> = sql
        .prepare_cached(last)?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (ended_ms, id) = last.unwrap_or((UnixMs::MIN, String::new()));
    let mut select = sql.prepare_cached(
        "SELECT * FROM jobs WHERE completion IS NOT NULL
         AND completion ->> '$.at_ms' BETWEEN ?1 AND ?3 - 1
         AND (completion ->> '$.at_ms' > ?1 OR id > ?2)
         ORDER BY completion ->> '$.at_ms', id LIMIT ?4",
    )?;
    let jobs = select.query_map((ended_ms, id, before_ms, JOBS), job)?;
    Ok(jobs.collect::<Result<_, _>>()?)
}

fn jobs_to_forget(sql: &Connection, before_ms: UnixMs) -> SqlResult<Vec<Job>> {
    let mut select = sql.prepare_cached(
        "SELECT * FROM jobs WHERE completion IS NOT NULL
         AND completion ->> '$.at_ms' < ?1 AND event_published = 1
         AND NOT EXISTS (SELECT 1 FROM messages WHERE job_id = jobs.id)
         AND NOT EXISTS (
             SELECT 1 FROM events JOIN deliveries ON event_seq = events.seq
             WHERE events.id = completion ->> '$.event_id' AND outcome IS NULL)
         ORDER BY completion ->> '$.at_ms', jobs.id LIMIT ?2",
    )?;
    let jobs = select.query_map((before_ms, JOBS), job)?;
    Ok(jobs.collect::<Result<_, _>>()?)
}

fn forget(sql: &Connection, job: &Job) -> SqlResult<()> {
    let event = "SELECT seq FROM jobs JOIN events ON events.id = completion ->> '$.event_id'
        WHERE jobs.id = ?1";
    let event: Option<i64> = sql
        .prepare_cached(event)?
        .query_row([job.id.as_str()], |row| row.get(0))
        .optional()?;
    if let Some(seq) = event {
        forget_event(sql, seq)?;
    }
    sql.prepare_cached("DELETE FROM jobs WHERE id = ?1")?
        .execute([job.id.as_str()])?;
    Ok(())
}

/// A job that has not recorded its event would publish it once more.
fn events_to_forget(sql: &Connection, before_ms: UnixMs) -> SqlResult<Vec<i64>> {
    let mut select = sql.prepare_cached(
        "SELECT seq FROM events WHERE at_ms < ?1
         AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event_seq = seq AND outcome IS NULL)
         AND NOT EXISTS (SELECT 1 FROM jobs WHERE id = events.job_id AND event_published = 0)
         ORDER BY at_ms LIMIT ?2",
    )?;
    let events = select.query_map((before_ms, ROWS), |row| row.get(0))?;
    Ok(events.collect::<Result<_, _>>()?)
}

fn forget_event(sql: &Connection, seq: i64) -> SqlResult<()> {
    sql.prepare_cached("DELETE FROM deliveries WHERE event_seq = ?1")?
        .execute([seq])?;
    sql.prepare_cached("DELETE FROM events WHERE seq = ?1")?
        .execute([seq])?;
    Ok(())
}
