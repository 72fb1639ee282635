//! System covers: some keyframes of each new video, as the vendor takes at an upload.
//!
//! They are a job like any other, of a kind that no call can ask for: nobody waits for it, so that
//! it has a message that comes after all others, its own small limits, and no event.

use super::Worker;
use crate::model::{Completion, JobResult};
use crate::model::{Job, JobId, JobState, RequestId, SnapshotType, Video, VideoId};
use crate::pictures::{Engine, Interrupted};
use contract::snapshot::{FrameType, ImageFormat, PointSpec, SnapshotSpec};
use std::time::Duration;

/// As many as the vendor takes.
const COVERS: u32 = 8;
/// Where the vendor begins.
const OFFSET_MS: u64 = 5;
/// What the covers of one video may take of a processor, and of time.
const CPU: Duration = Duration::from_secs(30);
const WALL: Duration = Duration::from_secs(60);

/// More jobs of a new video than these are not looked through for one that takes its covers.
const LOOKED_THROUGH: usize = 1000;

impl Worker {
    /// A look into a new video, and what follows from it.
    pub(super) async fn look_into(&self, video_id: &VideoId) -> Result<(), Interrupted> {
        self.probe(video_id).await?;
        self.ask_for_covers(video_id).await
    }

    /// Where the deployment takes any, and only of a file that turned out to be a video. Covers that
    /// are of its content are taken once; those that were deleted stay deleted, whatever comes.
    pub(super) async fn ask_for_covers(&self, video_id: &VideoId) -> Result<(), Interrupted> {
        if !self.takes_covers {
            return Ok(());
        }
        let Some(video) = self.ports.videos.by_id(video_id).await? else {
            return Ok(());
        };
        let Some(facts) = &video.facts else {
            return Ok(());
        };
        let jobs = self.ports.jobs.by_video(video_id, LOOKED_THROUGH).await?;
        let newest = jobs.into_iter().find(Job::is_of_covers);
        let is_deleted = |job: &Job| video.deletions.cover(job.kind, job.created_ms);
        let job = match newest {
            // Its message may never have been sent.
            Some(job) if !job.is_completed() => job,
            Some(job) if is_deleted(&job) || job.took(facts.content.as_deref()) => return Ok(()),
            _ => {
                let job = self.cover_job(&video);
                self.ports.jobs.create(&job).await?;
                job
            }
        };
        Ok(self.ports.queue.send(&job.message()).await?)
    }

    /// A file may be replaced while its covers are taken: who asked for new ones then found that some
    /// were on their way.
    pub(super) async fn renew_covers(
        &self,
        job: &Job,
        end: &Completion,
    ) -> Result<(), Interrupted> {
        match end.result {
            JobResult::Success { .. } if job.is_of_covers() => {
                self.ask_for_covers(&job.video_id).await
            }
            _ => Ok(()),
        }
    }

    fn cover_job(&self, video: &Video) -> Job {
        Job {
            id: JobId::random(),
            video_id: video.id.clone(),
            request_id: RequestId::random(),
            spec: SnapshotSpec {
                points: PointSpec::Evenly {
                    count: COVERS,
                    offset_ms: OFFSET_MS,
                },
                width: None,
                height: None,
                frame_type: FrameType::Intra,
                sprite: None,
                animation: None,
                image_format: ImageFormat::Jpeg,
            },
            kind: SnapshotType::CoverSnapshot,
            extend: None,
            callback_url: None,
            created_ms: video.deletions.accepted_after(self.ports.clock.now_ms()),
            state: JobState::Queued,
            progress: None,
            event_urls: None,
            event_published: false,
        }
    }
}

/// What covers may cost, whatever other jobs may.
pub(super) fn within_little(mut engine: Engine) -> Engine {
    engine.limits.cpu = engine.limits.cpu.min(CPU);
    engine.limits.wall = engine.limits.wall.min(WALL);
    engine
}
