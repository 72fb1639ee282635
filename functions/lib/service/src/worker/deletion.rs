//! Deletions that calls asked for, page by page until nothing is left, and what they leave to
//! jobs that run meanwhile.
//!
//! Who deletes leaves a mark on the video, or removes it, and looks at the jobs after that. A job
//! that had ended by then has its pictures deleted here. One that had not ends after the mark was
//! left, finds it at its end, and removes its own pictures: nothing is left either way, whoever
//! dies in between.

use super::{RunContext, Worker};
use crate::model::{ImageType, Job, JobId, Message, UnixMs, Video, VideoId};
use crate::pictures::keys::{deleted_kind, is_deleted};
use crate::pictures::{Interrupted, prefixes};
use crate::uploaded::remove_uploaded;
use artifacts::key;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use tracing::info;

/// Jobs remembered at a time; those of a key follow one another.
const MOST_JOBS: usize = 1000;
/// Objects deleted between two looks at the time; S3 takes as many in one request.
const BATCH: usize = 1000;

impl Worker {
    /// Deletes pictures of those jobs of a video that were accepted until then.
    pub(super) async fn delete_pictures(
        &self,
        video_id: VideoId,
        (image_type, until_ms): (ImageType, UnixMs),
        after: Option<String>,
        run: &RunContext,
    ) -> Result<(), Interrupted> {
        let videos = &self.ports.videos;
        // The call that asked for it may have died before it left its mark.
        videos
            .record_deletion(&video_id, image_type, until_ms)
            .await?;
        let Some(video) = videos.by_id(&video_id).await? else {
            return Ok(());
        };
        let goes = |key: &str, job: Option<&Job>| match job {
            Some(job) => is_deleted(key, job, &video.deletions),
            // What is of no job is of no kind.
            None => image_type == ImageType::All,
        };
        let prefix = key::of_video(&video_id);
        let left = self.remove_of_ended(&prefix, after, run, &goes).await?;
        let rest = left.map(|after| Message::DeletePictures {
            video_id,
            image_type,
            until_ms,
            after: Some(after),
        });
        self.hand_on(rest).await
    }

    /// Deletes a video and whatever was made of it. Its jobs that have not ended find it gone.
    pub(super) async fn delete_video(
        &self,
        video_id: VideoId,
        file_name: Option<String>,
        after: Option<String>,
        run: &RunContext,
    ) -> Result<(), Interrupted> {
        if let Some(name) = &file_name {
            remove_uploaded(&self.ports, name).await?;
        }
        self.ports.videos.delete(&video_id).await?;
        let prefix = key::all_of_video(&video_id);
        let goes = |_: &str, _: Option<&Job>| true;
        let left = self.remove_of_ended(&prefix, after, run, &goes).await?;
        let rest = left.map(|after| Message::DeleteVideo {
            video_id,
            file_name,
            after: Some(after),
        });
        self.hand_on(rest).await
    }

    /// Sends the rest of a deletion to the end of the queue, so that it keeps no other work waiting.
    /// Whoever dies before the message in hand is settled does a part twice, which changes nothing.
    async fn hand_on(&self, rest: Option<Message>) -> Result<(), Interrupted> {
        if let Some(message) = rest {
            info!("the rest of the deletion is left to another run");
            self.ports.queue.send(&message).await?;
        }
        Ok(())
    }

    /// Removes the objects after `after` that `goes` names and that are of no job in hand. Gives the
    /// key to go on after where time is over before all is done. What was passed is passed for good:
    /// a job that was in hand then finds at its end what was deleted of it.
    async fn remove_of_ended(
        &self,
        prefix: &str,
        mut after: Option<String>,
        run: &RunContext,
        goes: &(dyn Fn(&str, Option<&Job>) -> bool + Send + Sync),
    ) -> Result<Option<String>, Interrupted> {
        let share = Share::begin(self.deletion_shares.of_message);
        let (mut jobs, mut count) = (HashMap::new(), 0);
        loop {
            let page = self.ports.objects.list(prefix, after.as_deref()).await?;
            let mut batches = page.keys.chunks(BATCH).peekable();
            while let Some(batch) = batches.next() {
                let mut gone = Vec::new();
                for key in batch {
                    let job = self.job_of(key, &mut jobs).await?;
                    let has_ended = job.is_none_or(Job::is_completed);
                    if has_ended && goes(key, job) {
                        gone.push(key.clone());
                    }
                }
                self.ports.objects.delete_all(&gone).await?;
                count += gone.len();
                after = batch.last().cloned();
                let is_more = page.has_more || batches.peek().is_some();
                if is_more && (run.until.is_over() || share.is_over()) {
                    info!(count, "objects deleted");
                    return Ok(after);
                }
            }
            if !page.has_more {
                info!(count, "objects deleted");
                return Ok(None);
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

    /// Removes what was deleted of a job while it ran. It has ended. What takes longer is a deletion
    /// of its own: the job's worker may be the only one, and others wait for it.
    pub(super) async fn remove_deleted(&self, job: &Job) -> Result<(), Interrupted> {
        let video = self.ports.videos.by_id(&job.video_id).await?;
        let video_id = job.video_id.clone();
        let Some(Video { deletions, .. }) = video else {
            let rest = Message::DeleteVideo {
                video_id,
                file_name: None,
                after: None,
            };
            return self.remove_own(job, rest, &|_| true).await;
        };
        let Some(kind) = deleted_kind(job, &deletions) else {
            return Ok(());
        };
        // No more than what is deleted already.
        let rest = Message::DeletePictures {
            video_id,
            image_type: ImageType::Only(kind),
            until_ms: job.created_ms,
            after: None,
        };
        let goes = |key: &str| is_deleted(key, job, &deletions);
        self.remove_own(job, rest, &goes).await
    }

    async fn remove_own(
        &self,
        job: &Job,
        rest: Message,
        goes: &(dyn Fn(&str) -> bool + Send + Sync),
    ) -> Result<(), Interrupted> {
        let share = Share::begin(self.deletion_shares.of_job);
        let objects = &self.ports.objects;
        for prefix in prefixes(job) {
            let mut after = None;
            loop {
                let page = objects.list(&prefix, after.as_deref()).await?;
                for batch in page.keys.chunks(BATCH) {
                    if share.is_over() {
                        return self.hand_on(Some(rest)).await;
                    }
                    let gone = batch.iter().filter(|key| goes(key)).cloned();
                    objects.delete_all(&gone.collect::<Vec<_>>()).await?;
                }
                after = page.keys.last().cloned();
                if !page.has_more {
                    break;
                }
            }
        }
        Ok(())
    }
}

/// The time that a deletion may take of its worker.
struct Share {
    begun: Instant,
    most: Duration,
}

impl Share {
    fn begin(most: Duration) -> Self {
        Self {
            begun: Instant::now(),
            most,
        }
    }

    fn is_over(&self) -> bool {
        self.begun.elapsed() >= self.most
    }
}
