//! Where the pictures of a job lie, by the kind they are listed as.

use super::request::SnapshotTask;
use crate::model::{Deletions, Job, JobId, JobResult, JobState, SnapshotType, VideoId};
use artifacts::key::{self, Folder};
use contract::snapshot::SnapshotSpec;

/// The kind of job that makes what is listed as `kind`: the source pictures of a sprite are
/// made by the sprite's job.
pub(crate) fn maker(kind: SnapshotType) -> SnapshotType {
    match kind {
        SnapshotType::SpriteOriginSnapshot => SnapshotType::SpriteSnapshot,
        other => other,
    }
}

/// How many pictures of `kind` a job has made. The WebVTT file itself does not count.
pub(crate) fn count(job: &Job, kind: SnapshotType) -> u32 {
    let JobState::Completed(completion) = &job.state else {
        return 0;
    };
    if maker(kind) != job.kind {
        return 0;
    }
    match completion.result {
        JobResult::Success {
            pictures,
            sheets,
            keeps_pictures,
            ..
        } => match kind {
            SnapshotType::DynamicImage => 1,
            SnapshotType::SpriteSnapshot => sheets,
            SnapshotType::WebVttSnapshot if sheets > 0 => sheets,
            _ if keeps_pictures => pictures,
            _ => 0,
        },
        JobResult::Fail { .. } => 0,
    }
}

/// The keys of the pictures of one job.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PictureKeys<'a> {
    video_id: &'a VideoId,
    job_id: &'a JobId,
    /// What the names of all of them end in.
    extension: &'static str,
}

fn extension(spec: &SnapshotSpec) -> &'static str {
    let animation = spec.animation.as_ref();
    animation.map_or(spec.image_format.extension(), |animation| {
        animation.format.name()
    })
}

impl<'a> From<&'a Job> for PictureKeys<'a> {
    fn from(job: &'a Job) -> Self {
        Self {
            video_id: &job.video_id,
            job_id: &job.id,
            extension: extension(&job.spec),
        }
    }
}

impl<'a> From<&'a SnapshotTask> for PictureKeys<'a> {
    fn from(task: &'a SnapshotTask) -> Self {
        Self {
            video_id: &task.video_id,
            job_id: &task.job_id,
            extension: extension(&task.spec),
        }
    }
}

impl PictureKeys<'_> {
    /// The key of one picture of `kind`, from 1.
    pub(crate) fn key(self, kind: SnapshotType, number: u32) -> String {
        let (video, job) = (self.video_id, self.job_id);
        let jpeg = match kind {
            SnapshotType::SpriteSnapshot => key::sheet(video, job, number),
            SnapshotType::SpriteOriginSnapshot => key::sprite_origin(video, job, number),
            SnapshotType::WebVttSnapshot => key::web_vtt_picture(video, job, number),
            SnapshotType::NormalSnapshot | SnapshotType::CoverSnapshot => {
                key::picture(video, job, number)
            }
            // There is one alone.
            SnapshotType::DynamicImage => {
                return key::dynamic_image(video, job, self.extension);
            }
        };
        key::with_extension(&jpeg, self.extension)
    }

    /// The pattern of the pictures of `kind`.
    pub(crate) fn pattern(self, kind: SnapshotType) -> String {
        let (video, job) = (self.video_id, self.job_id);
        let jpeg = match kind {
            SnapshotType::SpriteSnapshot => key::sheet_pattern(video, job),
            SnapshotType::SpriteOriginSnapshot => key::sprite_origin_pattern(video, job),
            SnapshotType::WebVttSnapshot => key::web_vtt_pattern(video, job),
            SnapshotType::NormalSnapshot | SnapshotType::CoverSnapshot => {
                key::picture_pattern(video, job)
            }
            SnapshotType::DynamicImage => {
                return key::dynamic_image(video, job, self.extension);
            }
        };
        key::with_extension(&jpeg, self.extension)
    }
}

/// Every key of `kind`, in the order they are listed: of a WebVTT job its file first.
pub(crate) fn keys(job: &Job, kind: SnapshotType) -> impl Iterator<Item = String> {
    let count = count(job, kind);
    let file = (count > 0 && kind == SnapshotType::WebVttSnapshot)
        .then(|| key::web_vtt(&job.video_id, &job.id));
    let pictures = (1..=count).map(move |number| PictureKeys::from(job).key(kind, number));
    file.into_iter().chain(pictures)
}

/// The kinds of pictures that a job makes.
fn kinds(job: &Job) -> &'static [SnapshotType] {
    use SnapshotType::{SpriteOriginSnapshot, SpriteSnapshot};
    match job.kind {
        SpriteSnapshot | SpriteOriginSnapshot if job.spec.keeps_pictures() => {
            &[SpriteSnapshot, SpriteOriginSnapshot]
        }
        SpriteSnapshot | SpriteOriginSnapshot => &[SpriteSnapshot],
        SnapshotType::NormalSnapshot => &[SnapshotType::NormalSnapshot],
        SnapshotType::CoverSnapshot => &[SnapshotType::CoverSnapshot],
        SnapshotType::WebVttSnapshot => &[SnapshotType::WebVttSnapshot],
        SnapshotType::DynamicImage => &[SnapshotType::DynamicImage],
    }
}

/// A kind of pictures of a job that is among what was deleted of its video.
pub(crate) fn deleted_kind(job: &Job, deletions: &Deletions) -> Option<SnapshotType> {
    let is_covered = |&kind: &SnapshotType| deletions.cover(kind, job.created_ms);
    kinds(job).iter().copied().find(is_covered)
}

/// Whether the object under `key`, of this job, is. What tells of the job goes with the last kind
/// of pictures that it tells of.
pub(crate) fn is_deleted(key: &str, job: &Job, deletions: &Deletions) -> bool {
    let is_covered = |kind: SnapshotType| deletions.cover(kind, job.created_ms);
    let folder = key::folder_of(key);
    if folder.is_none() && key.ends_with(".json") {
        return kinds(job).iter().all(|&kind| is_covered(kind));
    }
    is_covered(match folder {
        Some(Folder::Sprite) => SnapshotType::SpriteSnapshot,
        Some(Folder::SpriteOrigin) => SnapshotType::SpriteOriginSnapshot,
        Some(Folder::WebVtt) => SnapshotType::WebVttSnapshot,
        Some(Folder::Dynamic) => SnapshotType::DynamicImage,
        None => job.kind,
    })
}

/// What the keys of a job begin with, those that nothing names as well.
#[must_use]
pub fn prefixes(job: &Job) -> Vec<String> {
    let folders: &[_] = match job.kind {
        SnapshotType::SpriteSnapshot | SnapshotType::SpriteOriginSnapshot => {
            &[Folder::Sprite, Folder::SpriteOrigin]
        }
        SnapshotType::WebVttSnapshot => &[Folder::WebVtt],
        SnapshotType::DynamicImage => &[Folder::Dynamic],
        SnapshotType::NormalSnapshot | SnapshotType::CoverSnapshot => &[],
    };
    key::of_job(&job.video_id, &job.id, folders)
}
