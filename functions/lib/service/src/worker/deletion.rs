//! Deletions that calls asked for, page by page until nothing is left, and what they leave to
//! jobs that run meanwhile.
//!
//! Who deletes leaves a mark on the video, or removes it, and looks at the jobs after that. A job
//! that had ended by then has its pictures deleted here. One that had not ends after the mark was
//! left, finds it at its end, and removes its own pictures: nothing is left either way, whoever
//! dies in between.

use super::{RunContext, Worker};
use crate::model::{ImageType, Job, JobId, UnixMs, VideoId};
use crate::pictures::keys::{has_deleted, is_deleted};
use crate::pictures::{Checkpoint, Interrupted, prefixes};
use crate::uploaded::remove_uploaded;
use artifacts::key;
use std::collections::HashMap;
use tracing::info;

/// Jobs remembered at a time; those of a key follow one another.
const MOST_JOBS: usize = 1000;

impl Worker {
    /// Deletes pictures of those jobs of a video that were accepted until then.
    pub(super) async fn delete_pictures(
        &self,
        video_id: &VideoId,
        (image_type, until_ms): (ImageType, UnixMs),
        run: &RunContext,
    ) -> Result<(), Interrupted> {
        let videos = &self.ports.videos;
        // The call that asked for it may have died before it left its mark.
        videos
            .record_deletion(video_id, image_type, until_ms)
            .await?;
        let Some(video) = videos.by_id(video_id).await? else {
            return Ok(());
        };
        let goes = |key: &str, job: Option<&Job>| match job {
            Some(job) => is_deleted(key, job, &video.deletions),
            // What is of no job is of no kind.
            None => image_type == ImageType::All,
        };
        self.remove_of_ended(&key::of_video(video_id), run, &goes)
            .await
    }

    /// Deletes a video and whatever was made of it. Its jobs that have not ended find it gone.
    pub(super) async fn delete_video(
        &self,
        video_id: &VideoId,
        file_name: Option<&str>,
        run: &RunContext,
    ) -> Result<(), Interrupted> {
        if let Some(name) = file_name {
            remove_uploaded(&self.ports, name).await?;
        }
        self.ports.videos.delete(video_id).await?;
        self.remove_of_ended(&key::all_of_video(video_id), run, &|_, _| true)
            .await
    }

    /// Removes the objects that `goes` names and that are of no job in hand. Each page that is done
    /// is done for good, so that the rest can be left to another run at any time.
    async fn remove_of_ended(
        &self,
        prefix: &str,
        run: &RunContext,
        goes: &(dyn Fn(&str, Option<&Job>) -> bool + Send + Sync),
    ) -> Result<(), Interrupted> {
        let (mut jobs, mut after, mut count) = (HashMap::new(), None, 0);
        loop {
            let page = self.ports.objects.list(prefix, after.as_deref()).await?;
            after = page.keys.last().cloned();
            let mut gone = Vec::new();
            for key in page.keys {
                let job = self.job_of(&key, &mut jobs).await?;
                let has_ended = job.is_none_or(Job::is_completed);
                if has_ended && goes(&key, job) {
                    gone.push(key);
                }
            }
            self.ports.objects.delete_all(&gone).await?;
            count += gone.len();
            if !page.has_more {
                info!(count, "objects deleted");
                return Ok(());
            }
            if run.until.is_over() {
                info!(count, "objects deleted; the rest is left to another run");
                return Err(Interrupted::Paused(Box::<Checkpoint>::default()));
            }
        }
    }

    async fn job_of<'a>(
        &self,
        key: &str,
        jobs: &'a mut HashMap<JobId, Option<Job>>,
    ) -> Result<Option<&'a Job>, Interrupted> {
        let id = JobId::from(key::job_of(key));
        if !jobs.contains_key(&id) {
            if jobs.len() >= MOST_JOBS {
                jobs.clear();
            }
            let job = self.ports.jobs.get(&id).await?;
            jobs.insert(id.clone(), job);
        }
        Ok(jobs.get(&id).and_then(Option::as_ref))
    }

    /// Removes what was deleted of a job while it ran. It has ended.
    pub(super) async fn remove_deleted(&self, job: &Job) -> Result<(), Interrupted> {
        let video = self.ports.videos.by_id(&job.video_id).await?;
        let deletions = video.map(|video| video.deletions);
        if deletions
            .as_ref()
            .is_some_and(|deletions| !has_deleted(job, deletions))
        {
            return Ok(());
        }
        let goes = |key: &str| {
            let deletions = deletions.as_ref();
            deletions.is_none_or(|deletions| is_deleted(key, job, deletions))
        };
        let objects = &self.ports.objects;
        for prefix in prefixes(job) {
            let mut after = None;
            loop {
                let mut page = objects.list(&prefix, after.as_deref()).await?;
                after = page.keys.last().cloned();
                page.keys.retain(|key| goes(key));
                objects.delete_all(&page.keys).await?;
                if !page.has_more {
                    break;
                }
            }
        }
        Ok(())
    }
}
