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
        let key = match self.ports.objects.key_of(given) {
            Some(key) => Some(key),
            None => self.key_by_another_name(given, video).await?,
        };
        let Some(key) = key else {
            return Ok(Some(given.clone()));
        };
        match self.is_kept(&key, video).await? {
            // The signature of the URL that was given has expired by now, or will.
            true => self.signed(&key).await.map(Some),
            false => Ok(None),
        }
    }

    /// The key of a picture of this video in a URL that begins like none of ours. A deployment has
    /// several names, such as a custom domain, and may have had others: a picture that we have, or
    /// that was of one of our jobs, is ours under any of them.
    async fn key_by_another_name(
        &self,
        url: &str,
        video: &Video,
    ) -> Result<Option<String>, ApiError> {
        let Some(key) = picture_in(url, &video.id) else {
            return Ok(None);
        };
        let size = self.ports.objects.size(key).await;
        if size.map_err(port_failed)?.is_some() {
            return Ok(Some(key.to_owned()));
        }
        let job = self.ports.jobs.get(&JobId::from(key::job_of(key))).await;
        let job = job.map_err(port_failed)?;
        let was_ours = job.is_some_and(|job| job.video_id == video.id);
        Ok(was_ours.then(|| key.to_owned()))
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

/// What a URL ends with, if that is the key of a picture of this video, whatever is before it.
fn picture_in<'a>(url: &'a str, video_id: &str) -> Option<&'a str> {
    let address = url.split(['?', '#']).next()?;
    let start = address.rfind(&format!("/{video_id}/snapshots/"))?;
    let key = &address[start + 1..];
    (key::served(key) == Some(key::Served::Picture)).then_some(key)
}
