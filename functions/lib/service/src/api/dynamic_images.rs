//! SubmitDynamicImageJob, ListDynamicImage and DeleteDynamicImage.
//!
//! A job makes one animated image, which has the id of its job. What a call deleted is gone at once: its
//! file is what tells that it is there.

use super::{Api, Reply, port_failed, reply};
use crate::model::{
    AnimationResult, Completion, Job, JobId, JobResult, JobState, RequestId, SnapshotType, Video,
    VideoId,
};
use crate::pictures::all_keys;
use crate::pictures::keys::PictureKeys;
use artifacts::key;
use contract::command::{
    DeleteDynamicImage, ListDynamicImage, MAX_DELETED, SubmitDynamicImageJob, VideoRef,
};
use contract::error::ApiError;
use contract::response::body;
use contract::template_config::{TemplateConfig, TemplateType};
use std::collections::BTreeSet;
use tracing::info;

/// A list has no pages in the contract; of more jobs on one video than these none is shown.
const MOST_JOBS: usize = 1000;

impl Api {
    pub(super) async fn submit_dynamic_image(
        &self,
        command: SubmitDynamicImageJob,
        request_id: &RequestId,
    ) -> Reply {
        let video = self.video(&VideoRef::Id(command.video_id)).await?;
        if !video.status.allows_dynamic_images() {
            return Err(ApiError::illegal_status());
        }
        let id = &command.template_id;
        let config = self.template_config(id, TemplateType::DynamicImage).await?;
        let config = match &command.overrides {
            Some(overrides) => config.overridden(overrides)?,
            None => config,
        };
        let job = self.dynamic_image_job(&video, &config, request_id).await?;
        let accepted = self.ports.submissions.accept(&job, None).await;
        accepted.map_err(port_failed)?;
        info!(job_id = %job.id, video_id = %job.video_id, "accepted");
        reply(body::SubmitDynamicImageJob { job_id: job.id })
    }

    async fn dynamic_image_job(
        &self,
        video: &Video,
        config: &TemplateConfig,
        request_id: &RequestId,
    ) -> Result<Job, ApiError> {
        let mut job = Job {
            id: JobId::random(),
            created_ms: self.now_ms(),
            video_id: video.id.clone(),
            request_id: request_id.clone(),
            kind: SnapshotType::DynamicImage,
            spec: config.spec().clone(),
            extend: None,
            callback_url: super::submit::inherited_callback(video),
            state: JobState::Queued,
            event_published: false,
            progress: None,
            event_urls: None,
        };
        job.event_urls = self.event_urls(&job).await?;
        Ok(job)
    }

    pub(super) async fn list_dynamic_images(&self, command: ListDynamicImage) -> Reply {
        let video = self.video(&VideoRef::Id(command.video_id)).await?;
        let mut images = Vec::new();
        for (job, made) in self.dynamic_images(&video.id).await? {
            let Some(animation) = job.spec.animation else {
                continue;
            };
            images.push(body::DynamicImage {
                created_ms: job.created_ms,
                url: self.signed(&image_key(&job)).await?,
                job_id: job.id,
                format: animation.format,
                fps: animation.fps(),
                width: made.width,
                height: made.height,
                duration_ms: made.duration_ms,
                bytes: made.bytes,
            });
        }
        reply(body::ListDynamicImage {
            video_id: video.id,
            images,
        })
    }

    /// Those of which the vendor forgets no more than the names go with their files here: nobody could
    /// find them any more.
    pub(super) async fn delete_dynamic_images(&self, command: DeleteDynamicImage) -> Reply {
        let video = self.video(&VideoRef::Id(command.video_id)).await?;
        let mut jobs: Vec<Job> = Vec::new();
        if command.ids.is_empty() {
            let all = self.dynamic_images(&video.id).await?;
            if all.len() > MAX_DELETED {
                let rule = format!(
                    "The video has {} animated images: without it no more than {MAX_DELETED} are deleted.",
                    all.len()
                );
                return Err(ApiError::invalid("DynamicImageIds", &rule));
            }
            jobs.extend(all.into_iter().map(|(job, _)| job));
        }
        for id in &command.ids {
            let job = self.ports.jobs.get(id).await.map_err(port_failed)?;
            jobs.extend(job.filter(|job| is_image_of(job, &video.id)));
        }
        let keys: Vec<_> = jobs.iter().flat_map(all_keys).collect();
        let deleted = self.ports.objects.delete_all(&keys).await;
        deleted.map_err(port_failed)?;
        info!(video_id = %video.id, count = jobs.len(), "animated images deleted");
        reply(body::DeleteDynamicImage)
    }

    /// Those that are there, the newest first.
    async fn dynamic_images(
        &self,
        video_id: &VideoId,
    ) -> Result<Vec<(Job, AnimationResult)>, ApiError> {
        let files = self.dynamic_image_files(video_id).await?;
        let jobs = self.ports.jobs.by_video(video_id, MOST_JOBS).await;
        let made = jobs.map_err(port_failed)?.into_iter().filter_map(|job| {
            let made = made(&job)?;
            files.contains(&image_key(&job)).then_some((job, made))
        });
        Ok(made.collect())
    }

    /// A call deletes files, and so does their age.
    async fn dynamic_image_files(&self, video_id: &VideoId) -> Result<BTreeSet<String>, ApiError> {
        let (prefix, mut after) = (key::dynamic_images(video_id), None);
        let mut files = BTreeSet::new();
        loop {
            let page = self.ports.objects.list(&prefix, after.as_deref()).await;
            let page = page.map_err(port_failed)?;
            after = page.keys.last().cloned();
            files.extend(page.keys);
            if !page.has_more {
                return Ok(files);
            }
        }
    }
}

fn image_key(job: &Job) -> String {
    PictureKeys::from(job).key(SnapshotType::DynamicImage, 1)
}

fn is_image_of(job: &Job, video_id: &VideoId) -> bool {
    job.kind == SnapshotType::DynamicImage && job.video_id == *video_id
}

/// What a job has made.
fn made(job: &Job) -> Option<AnimationResult> {
    match &job.state {
        JobState::Completed(Completion {
            result: JobResult::Success { animation, .. },
            ..
        }) => *animation,
        _ => None,
    }
}
