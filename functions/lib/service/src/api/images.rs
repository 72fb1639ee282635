//! DeleteImage: the pictures of a type, of every job of a video.
//!
//! Manifests stay: they say what was done, not what is there.

use super::{Api, Reply, down, reply};
use crate::model::{Job, SnapshotType};
use crate::pictures::stored;
use contract::command::{DeleteImage, ImageType, VideoRef};
use contract::error::ApiError;
use contract::response::body;
use tracing::info;

impl Api {
    pub(super) async fn delete_images(&self, command: DeleteImage) -> Reply {
        let video = self.video(&VideoRef::Id(command.video_id)).await?;
        let all = SnapshotType::ALL;
        let kinds = match &command.image_type {
            ImageType::All => &all[..],
            ImageType::Only(kind) => std::slice::from_ref(kind),
        };
        let jobs = self.ports.jobs.by_video(&video.id, usize::MAX).await;
        for job in jobs.map_err(down)? {
            for &kind in kinds {
                self.delete_kind(&job, kind).await?;
            }
        }
        reply(body::DeleteImage)
    }

    /// In the order of the list: the first object, by which a list knows that there is
    /// something, goes first, and the last one tells that all are gone.
    async fn delete_kind(&self, job: &Job, kind: SnapshotType) -> Result<(), ApiError> {
        let objects = &self.ports.objects;
        let Some(last) = stored::keys(job, kind).last() else {
            return Ok(());
        };
        if objects.size(&last).await.map_err(down)?.is_none() {
            return Ok(());
        }
        for key in stored::keys(job, kind) {
            objects.delete(&key).await.map_err(down)?;
        }
        info!(job_id = job.id, kind = kind.name(), "pictures deleted");
        Ok(())
    }
}
