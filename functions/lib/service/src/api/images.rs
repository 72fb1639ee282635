//! DeleteImage: the pictures of a type, or all that the jobs of a video have made.
//!
//! A job that still runs keeps what it has: its manifest will name it.

use super::{Api, Reply, port_failed, reply};
use crate::model::{Job, JobId, JobState, SnapshotType, VideoId};
use crate::pictures::keys;
use crate::ports::{PortError, PortResult};
use artifacts::key;
use contract::command::{DeleteImage, ImageType, VideoRef};
use contract::error::ApiError;
use contract::response::body;
use std::collections::HashMap;
use tokio::task::JoinSet;
use tracing::info;

/// Objects deleted at a time.
const AT_ONCE: usize = 32;

impl Api {
    pub(super) async fn delete_images(&self, command: DeleteImage) -> Reply {
        let video = self.video(&VideoRef::Id(command.video_id)).await?;
        match command.image_type {
            ImageType::All => self.delete_all(&video.id).await.map_err(port_failed)?,
            ImageType::Only(kind) => {
                let jobs = self.ports.jobs.by_video(&video.id, usize::MAX).await;
                for job in jobs.map_err(port_failed)? {
                    self.delete_kind(&job, kind).await?;
                }
            }
        }
        reply(body::DeleteImage)
    }

    /// Whatever lies below the video and is of no job that runs: also what no list names.
    async fn delete_all(&self, video_id: &VideoId) -> PortResult<()> {
        let jobs = self.ports.jobs.by_video(video_id, usize::MAX).await?;
        let mut runs: HashMap<_, _> = jobs.iter().map(|job| (job.id.clone(), runs(job))).collect();
        let (prefix, mut after) = (key::of_video(video_id), None);
        loop {
            let page = self.ports.objects.list(&prefix, after.as_deref()).await?;
            after = page.keys.last().cloned();
            let mut ended = Vec::new();
            for key in page.keys {
                if !self.is_of_a_run(&key, &mut runs).await? {
                    ended.push(key);
                }
            }
            // By the first object a list knows that there is something.
            ended.sort_by_key(|key| !is_first(key));
            let firsts = ended.partition_point(|key| is_first(key));
            self.delete_together(&ended[..firsts]).await?;
            self.delete_together(&ended[firsts..]).await?;
            if !page.has_more {
                return Ok(());
            }
        }
    }

    /// Whether the job of `key` still runs. A job that is newer than what `runs` remembers is
    /// asked for after its key was seen: only one that is not there at all may go.
    async fn is_of_a_run(&self, key: &str, runs: &mut HashMap<JobId, bool>) -> PortResult<bool> {
        let job_id = JobId::from(key::job_of(key));
        if let Some(&runs) = runs.get(&job_id) {
            return Ok(runs);
        }
        let job = self.ports.jobs.get(&job_id).await?;
        let is_run = job.as_ref().is_some_and(self::runs);
        runs.insert(job_id, is_run);
        Ok(is_run)
    }

    /// The first object, by which a list knows that there is something, goes first; the last
    /// goes last, so that it tells whether all are gone. A call that stops in between is made
    /// good by the next. The manifest goes with the last kind of pictures that it names.
    async fn delete_kind(&self, job: &Job, kind: SnapshotType) -> Result<(), ApiError> {
        let objects = &self.ports.objects;
        let keys: Vec<_> = keys::keys(job, kind).collect();
        let (Some(first), Some(last)) = (keys.first(), keys.last()) else {
            return Ok(());
        };
        if objects.size(last).await.map_err(port_failed)?.is_none() {
            return Ok(());
        }
        objects.delete(first).await.map_err(port_failed)?;
        let together = self.delete_together(&keys[..keys.len() - 1]).await;
        together.map_err(port_failed)?;
        if !self.has_others(job, kind).await.map_err(port_failed)? {
            let manifest = key::manifest(&job.video_id, &job.id);
            objects.delete(&manifest).await.map_err(port_failed)?;
        }
        objects.delete(last).await.map_err(port_failed)?;
        info!(job_id = %job.id, kind = kind.name(), "pictures deleted");
        Ok(())
    }

    /// Whether pictures of another kind are left of what the job has made.
    async fn has_others(&self, job: &Job, kind: SnapshotType) -> PortResult<bool> {
        for &other in SnapshotType::ALL.iter().filter(|&&other| other != kind) {
            let first = keys::keys(job, other).next();
            if let Some(first) = first
                && self.ports.objects.size(&first).await?.is_some()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn delete_together(&self, keys: &[String]) -> PortResult<()> {
        for some in keys.chunks(AT_ONCE) {
            let mut deleting = JoinSet::new();
            for key in some {
                let (objects, key) = (self.ports.objects.clone(), key.clone());
                deleting.spawn(async move { objects.delete(&key).await });
            }
            while let Some(deleted) = deleting.join_next().await {
                let deleted = deleted.map_err(|panic| PortError::unavailable("objects", panic));
                deleted.and_then(|deleted| deleted)?;
            }
        }
        Ok(())
    }
}

fn runs(job: &Job) -> bool {
    !matches!(job.state, JobState::Completed(_))
}

/// Whether a list of pictures begins with it.
fn is_first(key: &str) -> bool {
    key.ends_with("-00001.jpg") || key.ends_with(".vtt")
}
