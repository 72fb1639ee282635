//! Pictures, what players read of them, and manifests by their address: who gets which, and for how long caches
//! may keep the answer. The same on every body; how the bytes go out is the body's.

use super::recent_jobs::Recent;
use super::{Api, port_failed};
use crate::model::{Job, JobId, Video, VideoId};
use crate::picture_access::{MAX_AGE_S, PictureAccess};
use crate::pictures::keys::is_deleted;
use crate::url_signature::{UrlSignature, job_scope};
use artifacts::key::{self, Served};
use artifacts::storyboard::{dash, links};
use contract::error::ApiError;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

/// An object that a client may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureGrant {
    /// Its key.
    pub key: String,
    /// What it is.
    pub kind: Served,
    /// Until when the address holds, Unix time, s; none of a plain one.
    pub expires_s: Option<i64>,
    /// How long caches may keep the answer, s.
    pub max_age_s: i64,
}

impl PictureGrant {
    /// The header of that name: of a signed address only the cache of whoever has it may keep it.
    #[must_use]
    pub fn cache_control(&self) -> String {
        let who = match self.expires_s {
            Some(_) => "private",
            None => "public",
        };
        format!("{who}, max-age={}", self.max_age_s)
    }
}

impl Api {
    /// What a client gets that asks for the object under `key` with this query.
    ///
    /// # Errors
    /// NoSuchResource: clients may not have such an object, or it was deleted. Forbidden: the address
    /// is not signed as it has to be, or past its time. Otherwise it can't be said now.
    pub async fn picture(&self, key: &str, query: &str) -> Result<PictureGrant, ApiError> {
        let not_there = || ApiError::no_such_resource(key);
        let kind = key::served(key).ok_or_else(not_there)?;
        // Before the store is asked: nobody learns by a guess what there is.
        let expires_s = self.signed_until(key, query).await?;
        if !self.is_there(key).await? {
            return Err(not_there());
        }
        let left_s = expires_s.map(|s| s.saturating_sub(self.now_ms().div_euclid(1000)));
        Ok(PictureGrant {
            key: key.to_owned(),
            kind,
            expires_s,
            max_age_s: left_s.unwrap_or(MAX_AGE_S).min(MAX_AGE_S),
        })
    }

    /// The body of a manifest or of what players read; none where it is gone. What players read names
    /// pictures: where plain addresses give nothing, with signatures that hold as long as its own.
    ///
    /// # Errors
    /// It can't be read now.
    pub async fn picture_text(&self, grant: &PictureGrant) -> Result<Option<Vec<u8>>, ApiError> {
        let read = self.ports.objects.get(&grant.key).await;
        let Some(bytes) = read.map_err(port_failed)? else {
            return Ok(None);
        };
        let is_signed = self.ports.objects.access() == PictureAccess::Signed;
        match grant.expires_s {
            Some(expires_s) if is_signed && grant.kind.names_files() => {
                let text = String::from_utf8_lossy(&bytes);
                let signed = self.with_signatures(grant, &text, expires_s).await?;
                Ok(Some(signed.into_bytes()))
            }
            _ => Ok(Some(bytes.into())),
        }
    }

    async fn with_signatures(
        &self,
        grant: &PictureGrant,
        text: &str,
        expires_s: i64,
    ) -> Result<String, ApiError> {
        let (folder, name) = grant.key.rsplit_once('/').unwrap_or_default();
        let job = key::job_of(name);
        let mut queries = BTreeMap::new();
        for file in links::files(text, job) {
            // A template of many names is signed as what stands for them: for all of its job.
            let named = file.replace(dash::NUMBER, key::NUMBER);
            let (key, expires_ms) = (format!("{folder}/{named}"), expires_s.saturating_mul(1000));
            let url = self.ports.objects.signed_url(&key, expires_ms).await;
            let url = url.map_err(port_failed)?;
            let query = query_of(&url);
            let query = match grant.kind.is_xml() {
                true => query.replace('&', "&amp;"),
                false => query.to_owned(),
            };
            queries.insert(file.to_owned(), query);
        }
        Ok(links::with_queries(text, job, &queries))
    }

    /// Until when the address of `key` with this query holds; none of a plain one.
    async fn signed_until(&self, key: &str, query: &str) -> Result<Option<i64>, ApiError> {
        let objects = &self.ports.objects;
        let signature = UrlSignature::read(query).map_err(|_| ApiError::forbidden())?;
        let Some(signature) = signature else {
            return match objects.access() {
                PictureAccess::Public => Ok(None),
                PictureAccess::Signed => Err(ApiError::forbidden()),
            };
        };
        if signature.is_over(self.now_ms()) {
            return Err(ApiError::forbidden());
        }
        for scope in [key, &job_scope(key)] {
            if objects
                .verify(scope, &signature)
                .await
                .map_err(port_failed)?
            {
                return Ok(Some(signature.expires_s));
            }
        }
        Err(ApiError::forbidden())
    }

    /// Whether the video is there, and no call has deleted this object of its job. It may go later
    /// than that, in a run of a worker.
    async fn is_there(&self, key: &str) -> Result<bool, ApiError> {
        let video = key::video_of(key);
        let id = (VideoId::from(video), JobId::from(key::job_of(key)));
        let longest = self.settings.pictures_remembered;
        let recent = match self.recent_jobs.get(&id, longest) {
            Some(recent) => recent,
            None => self.read_job(id).await?,
        };
        let is_kept = |(video, job): &(Video, Job)| !is_deleted(key, job, &video.deletions);
        Ok(recent.found.as_deref().is_some_and(is_kept))
    }

    async fn read_job(&self, id: (VideoId, JobId)) -> Result<Recent, ApiError> {
        // From before it is read: what is remembered is never older than it says.
        let read = Instant::now();
        let (video, job) = tokio::join!(self.ports.videos.by_id(&id.0), self.ports.jobs.get(&id.1));
        let (video, job) = (video.map_err(port_failed)?, job.map_err(port_failed)?);
        let job = job.filter(|job| job.video_id == id.0);
        let recent = Recent {
            read,
            found: video.zip(job).map(Arc::new),
        };
        self.recent_jobs.put(id, recent.clone());
        Ok(recent)
    }
}

/// What makes a signed URL one.
pub(super) fn query_of(url: &str) -> &str {
    url.split_once('?').map_or("", |(_, query)| query)
}
