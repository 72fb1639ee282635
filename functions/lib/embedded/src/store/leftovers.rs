//! Files that no job names: earlier releases left some where an attempt was killed or failed.

use super::Store;
use crate::database::SqlResult;
use crate::jobs::job;
use rusqlite::{Connection, OptionalExtension};
use service::model::{Job, JobState};
use service::pictures::{all_keys, job_of, of_video};
use service::ports::{Objects, PortResult};
use std::collections::{BTreeSet, HashMap};

const PORT: &str = "leftovers";

impl Store {
    /// The videos that have files.
    ///
    /// # Errors
    /// The disk did not answer.
    pub async fn videos_with_files(&self) -> PortResult<Vec<String>> {
        self.objects.top_folders().await
    }

    /// Removes the files of a video's jobs that have ended and do not name them; how many. What
    /// runs is not touched, nor what is of no job that is known: it may be somebody's backup.
    ///
    /// # Errors
    /// The database or the disk did not answer.
    pub async fn remove_unnamed(&self, video_id: &str) -> PortResult<usize> {
        let (prefix, mut after, mut count) = (of_video(video_id), None, 0);
        loop {
            let page = self.objects.list(&prefix, after.as_deref()).await?;
            after = page.keys.last().cloned();
            let unnamed = move |sql: &Connection| unnamed(sql, page.keys);
            let keys = self.database.read(PORT, unnamed).await?;
            count += keys.len();
            self.objects.remove_all(keys).await?;
            if !page.has_more {
                return Ok(count);
            }
        }
    }
}

fn unnamed(sql: &Connection, keys: Vec<String>) -> SqlResult<Vec<String>> {
    let mut jobs = HashMap::new();
    let mut unnamed = Vec::new();
    for key in keys {
        let id = job_of(&key);
        if !jobs.contains_key(id) {
            jobs.insert(id.to_owned(), named(sql, id)?);
        }
        let named = jobs.get(id).and_then(Option::as_ref);
        if named.is_some_and(|named: &BTreeSet<String>| !named.contains(&key)) {
            unnamed.push(key);
        }
    }
    Ok(unnamed)
}

/// What a job names; none where it has not ended or is not there.
fn named(sql: &Connection, id: &str) -> SqlResult<Option<BTreeSet<String>>> {
    let mut select = sql.prepare_cached("SELECT * FROM jobs WHERE id = ?1")?;
    let found = select.query_row([id], job).optional()?;
    let ended = |job: &Job| matches!(job.state, JobState::Completed(_));
    let named = found.filter(ended).map(|job| all_keys(&job));
    Ok(named.map(|keys| keys.into_iter().collect()))
}
