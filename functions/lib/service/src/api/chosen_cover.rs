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
        let objects = &self.ports.objects;
        let of_our_name = objects.key_of(given);
        let is_of_our_name = of_our_name.is_some();
        let Some(key) = of_our_name.or_else(|| picture_in(given, &video.id)) else {
            return Ok(Some(given.clone()));
        };
        let is_there = objects.size(&key).await.map_err(port_failed)?.is_some();
        if !is_there {
            let was_ours = is_of_our_name || self.is_of_a_job(&key, video).await?;
            return Ok((!was_ours).then(|| given.clone()));
        }
        match self.stays(&key, video).await? {
            // The signature of the URL that was given has expired by now, or will.
            true => self.signed(&key).await.map(Some),
            false => Ok(None),
        }
    }

    /// Whether a job of this video made, or would have made, a picture under this key.
    async fn is_of_a_job(&self, key: &str, video: &Video) -> Result<bool, ApiError> {
        let job = self.ports.jobs.get(&JobId::from(key::job_of(key))).await;
        let job = job.map_err(port_failed)?;
        Ok(job.is_some_and(|job| job.video_id == video.id))
    }

    /// Whether a picture that is there stays: a deletion is answered before the picture is gone.
    async fn stays(&self, key: &str, video: &Video) -> Result<bool, ApiError> {
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

/// The key that a URL ends with, if it is that of a picture of this video, whatever is before it. A
/// deployment has several names, such as a custom domain, and may have had others: a picture that we
/// have, or that was of one of our jobs, is ours under any of them.
fn picture_in(url: &str, video_id: &str) -> Option<String> {
    let address = url.split(['?', '#']).next()?;
    let start = address.rfind(&format!("/{}", key::of_video(video_id)))?;
    let key = &address[start + 1..];
    matches!(key::served(key)?, key::Served::Picture(_)).then(|| key.to_owned())
}
