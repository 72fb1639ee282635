//! The cover that somebody chose for a video: a picture somewhere, or one of ours, which is forgotten
//! once it was deleted.

use super::{Api, port_failed};
use crate::model::{Deletions, JobId, Video};
use crate::pictures::keys::is_deleted;
use artifacts::key;
use contract::error::ApiError;

impl Api {
    /// A URL of the chosen cover that holds; none where nobody chose one, and none of a picture of
    /// ours that was deleted, by a call or for its age.
    pub(super) async fn chosen_cover(&self, video: &Video) -> Result<Option<String>, ApiError> {
        let Some(given) = &video.cover_url else {
            return Ok(None);
        };
        let Some(key) = self.ports.objects.key_of(given) else {
            return Ok(Some(given.clone()));
        };
        match self.is_kept(&key, video).await? {
            // The signature of the URL that was given has expired by now, or will.
            true => self.signed(&key).await.map(Some),
            false => Ok(None),
        }
    }

    /// Whether a picture is there and stays: a deletion is answered before the picture is gone.
    async fn is_kept(&self, key: &str, video: &Video) -> Result<bool, ApiError> {
        let size = self.ports.objects.size(key).await;
        if size.map_err(port_failed)?.is_none() {
            return Ok(false);
        }
        let owner = key::video_of(key);
        let deletions = if owner == video.id.as_str() {
            video.deletions.clone()
        } else {
            let owner = self.ports.videos.by_id(&owner.into()).await;
            let Some(owner) = owner.map_err(port_failed)? else {
                return Ok(false);
            };
            owner.deletions
        };
        if deletions == Deletions::default() {
            return Ok(true);
        }
        let job = self.ports.jobs.get(&JobId::from(key::job_of(key))).await;
        let job = job.map_err(port_failed)?;
        Ok(job.is_none_or(|job| !is_deleted(key, &job, &deletions)))
    }
}
