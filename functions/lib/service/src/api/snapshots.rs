//! ListSnapshots: the pictures of the newest successful job of a type.
//!
//! Regular and each Index belong together: picture `Index` is at Regular with that number. Of a
//! WebVTT job the list begins with the `.vtt` file, at Index 0; Total counts it too.
//! CoverSnapshots (the default) are the system covers, where the deployment takes any.

use super::{Api, Reply, port_failed, reply};
use crate::model::{Job, SnapshotType, UnixMs, Video};
use crate::picture_access::PictureAccess;
use crate::pictures::keys;
use crate::pictures::storyboard_keys;
use contract::command::{ListSnapshots, VideoRef};
use contract::error::ApiError;
use contract::response::body::{self, StoryboardFile};

impl Api {
    pub(super) async fn list_snapshots(&self, command: ListSnapshots) -> Reply {
        let video = self.video(&VideoRef::Id(command.video_id)).await?;
        if !video.status.allows_snapshots() {
            return Err(ApiError::illegal_status());
        }
        let kind = command.snapshot_type;
        let job = self.listed_job(&video, kind).await?;
        let job = job.ok_or_else(|| ApiError::no_such_resource(kind.name()))?;
        let expires_ms =
            self.now_ms() + i64::try_from(command.auth_timeout_s).unwrap_or(i64::MAX / 1000) * 1000;
        let first = u64::from(command.page_no - 1) * u64::from(command.page_size);
        let first = usize::try_from(first).unwrap_or(usize::MAX);
        let size = usize::try_from(command.page_size).unwrap_or(usize::MAX);
        let page = (first_index(kind)..).zip(keys::keys(&job, kind));
        let mut snapshots = Vec::new();
        for (index, key) in page.skip(first).take(size) {
            let url = self.ports.objects.signed_url(&key, expires_ms).await;
            snapshots.push((index, url.map_err(port_failed)?));
        }
        reply(body::ListSnapshots {
            created_ms: job.created_ms,
            job_id: job.id.clone(),
            regular: self.regular(&job, kind, expires_ms).await?,
            total: keys::keys(&job, kind).count() as u64,
            snapshots,
            storyboards: self
                .storyboards(&job, kind, (first, size), expires_ms)
                .await?,
        })
    }

    /// What players read of sheets, where these are listed: the files of all, and those of each sheet of a
    /// page of `size` that begins after `first`.
    async fn storyboards(
        &self,
        job: &Job,
        kind: SnapshotType,
        (first, size): (usize, usize),
        expires_ms: UnixMs,
    ) -> Result<Vec<StoryboardFile>, ApiError> {
        let is_on_page = |sheet: u32| {
            let place = u64::from(sheet) - first_index(kind);
            let place = usize::try_from(place).unwrap_or(usize::MAX);
            (first..first.saturating_add(size)).contains(&place)
        };
        let mut files = Vec::new();
        for told in storyboard_keys(job) {
            if kind != job.kind || !told.sheet.is_none_or(is_on_page) {
                continue;
            }
            let url = self.ports.objects.signed_url(&told.key, expires_ms).await;
            files.push(StoryboardFile {
                format: told.format,
                url: url.map_err(port_failed)?,
                sheet: told.sheet.map(u64::from),
                name: told.name,
            });
        }
        Ok(files)
    }

    /// The URL of all pictures, as they can be got: where plain ones give nothing, it is signed.
    async fn regular(
        &self,
        job: &Job,
        kind: SnapshotType,
        expires_ms: UnixMs,
    ) -> Result<String, ApiError> {
        let (objects, pattern) = (
            &self.ports.objects,
            keys::PictureKeys::from(job).pattern(kind),
        );
        match objects.access() {
            PictureAccess::Public => Ok(objects.public_url(&pattern)),
            PictureAccess::Signed => {
                let url = objects.signed_url(&pattern, expires_ms).await;
                url.map_err(port_failed)
            }
        }
    }

    /// The newest successful job of a kind, unless its pictures were deleted: by a call, which
    /// leaves a mark on the video, or for their age.
    pub(super) async fn listed_job(
        &self,
        video: &Video,
        kind: SnapshotType,
    ) -> Result<Option<Job>, ApiError> {
        let (jobs, objects) = (&self.ports.jobs, &self.ports.objects);
        let newest = jobs.latest_success(&video.id, keys::maker(kind)).await;
        let Some(job) = newest.map_err(port_failed)? else {
            return Ok(None);
        };
        if video.deletions.cover(kind, job.created_ms) {
            return Ok(None);
        }
        let Some(first) = keys::keys(&job, kind).next() else {
            return Ok(None);
        };
        let there = objects.size(&first).await.map_err(port_failed)?.is_some();
        Ok(there.then_some(job))
    }
}

fn first_index(kind: SnapshotType) -> u64 {
    match kind {
        SnapshotType::WebVttSnapshot => 0,
        _ => 1,
    }
}
