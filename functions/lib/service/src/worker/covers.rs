//! System covers: some keyframes of each new video, as the vendor takes at an upload, and of what was
//! put in its file's place.
//!
//! They are a job like any other, of a kind that no call can ask for: nobody waits for it, so that
//! it has a message that comes after all others, its own small limits, and no event.

use super::Worker;
use crate::model::{Job, JobId, JobState, RequestId, SnapshotType, Video, VideoId};
use crate::pictures::{Engine, Interrupted};
use contract::snapshot::{FrameType, PointSpec, SnapshotSpec};
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
        match self.takes_covers {
            true => self.ask_for_covers(video_id).await,
            false => Ok(()),
        }
    }

    /// Only of a file that turned out to be a video.
    async fn ask_for_covers(&self, video_id: &VideoId) -> Result<(), Interrupted> {
        let video = self.ports.videos.by_id(video_id).await?;
        let Some((content, video)) = video.and_then(|video| {
            let facts = video.facts.as_ref()?;
            Some((facts.content.clone(), video))
        }) else {
            return Ok(());
        };
        let jobs = self.ports.jobs.by_video(video_id, LOOKED_THROUGH).await?;
        let mut of_covers = jobs.into_iter().filter(Job::is_of_covers);
        let known = of_covers.find(|job| job.extend == content);
        let job = match known {
            Some(job) if job.is_completed() => return Ok(()),
            // Its message may never have been sent.
            Some(job) => job,
            None => {
                let job = self.cover_job(&video, content);
                self.ports.jobs.create(&job).await?;
                job
            }
        };
        Ok(self.ports.queue.send(&job.message()).await?)
    }

    fn cover_job(&self, video: &Video, content: Option<String>) -> Job {
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
            },
            kind: SnapshotType::CoverSnapshot,
            extend: content,
            callback_url: None,
            created_ms: video.deletions.accepted_after(self.ports.clock.now_ms()),
            state: JobState::Queued,
            progress: None,
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
