//! DeleteImage: the pictures of a type, of every job of a video.
//!
//! Manifests stay: they say what was done, not what is there.

use super::{Api, Reply, down, reply};
use crate::model::{Job, SnapshotType};
use crate::pictures::stored;
use crate::ports::PortError;
use contract::command::{DeleteImage, ImageType, VideoRef};
use contract::error::ApiError;
use contract::response::body;
use tokio::task::JoinSet;
use tracing::info;

/// Objects deleted at a time.
const AT_ONCE: usize = 32;

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

    /// The first object, by which a list knows that there is something, goes first; the last
    /// goes last, so that it tells whether all are gone. A call that stops in between is made
    /// good by the next.
    async fn delete_kind(&self, job: &Job, kind: SnapshotType) -> Result<(), ApiError> {
        let objects = &self.ports.objects;
        let keys: Vec<_> = stored::keys(job, kind).collect();
        let (Some(first), Some(last)) = (keys.first(), keys.last()) else {
            return Ok(());
        };
        if objects.size(last).await.map_err(down)?.is_none() {
            return Ok(());
        }
        objects.delete(first).await.map_err(down)?;
        for together in keys[..keys.len() - 1].chunks(AT_ONCE) {
            self.delete_together(together).await?;
        }
        objects.delete(last).await.map_err(down)?;
        info!(job_id = job.id, kind = kind.name(), "pictures deleted");
        Ok(())
    }

    async fn delete_together(&self, keys: &[String]) -> Result<(), ApiError> {
        let mut deleting = JoinSet::new();
        for key in keys {
            let (objects, key) = (self.ports.objects.clone(), key.clone());
            deleting.spawn(async move { objects.delete(&key).await });
        }
        while let Some(deleted) = deleting.join_next().await {
            let deleted = deleted.map_err(|panic| PortError::new("objects", panic));
            deleted.and_then(|deleted| deleted).map_err(down)?;
        }
        Ok(())
    }
}
