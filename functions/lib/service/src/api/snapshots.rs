//! ListSnapshots: the pictures of the newest successful job of a type.

use super::{Api, Reply, down, reply};
use crate::model::{Job, JobResult, JobState, SnapshotType};
use artifacts::key;
use contract::command::{ListSnapshots, VideoRef};
use contract::error::ApiError;
use contract::response::body;

impl Api {
    pub(super) async fn list_snapshots(&self, command: ListSnapshots) -> Reply {
        let video = self.video(&VideoRef::Id(command.video_id)).await?;
        if !video.status.allows_snapshots() {
            return Err(ApiError::illegal_status());
        }
        let kind = command.snapshot_type;
        let newest = self
            .ports
            .jobs
            .latest_success(&video.id, maker(kind))
            .await
            .map_err(down)?;
        let job = newest.filter(|job| count(job, kind) > 0);
        let job = job.ok_or_else(|| ApiError::no_such_resource(kind.name()))?;
        let total = count(&job, kind);
        let first = u64::from(command.page_no - 1) * u64::from(command.page_size);
        let expires_ms =
            self.now_ms() + i64::try_from(command.auth_timeout_s).unwrap_or(i64::MAX / 1000) * 1000;
        let url = |number: u32| {
            self.ports
                .objects
                .signed_url(&object(&job, kind, number), expires_ms)
        };
        let numbers = (1..=total).skip(usize::try_from(first).unwrap_or(usize::MAX));
        let page = numbers.take(usize::try_from(command.page_size).unwrap_or(usize::MAX));
        reply(body::ListSnapshots {
            created_ms: job.created_ms,
            job_id: job.id.clone(),
            regular: self.ports.objects.public_url(&pattern(&job, kind)),
            total: u64::from(total),
            snapshots: page
                .map(|number| (u64::from(number), url(number)))
                .collect(),
        })
    }
}

/// The source pictures of a sprite are made by the sprite's job.
fn maker(kind: SnapshotType) -> SnapshotType {
    match kind {
        SnapshotType::SpriteOriginSnapshot => SnapshotType::SpriteSnapshot,
        other => other,
    }
}

/// How many stored objects of `kind` a job has.
pub(super) fn count(job: &Job, kind: SnapshotType) -> u32 {
    let JobState::Completed(completion) = &job.state else {
        return 0;
    };
    match completion.result {
        JobResult::Success { sheets, .. } if kind == SnapshotType::SpriteSnapshot => sheets,
        JobResult::Success {
            pictures,
            keeps_pictures: true,
            ..
        } => pictures,
        JobResult::Success { .. } | JobResult::Fail { .. } => 0,
    }
}

fn object(job: &Job, kind: SnapshotType, number: u32) -> String {
    match kind {
        SnapshotType::SpriteSnapshot => key::sheet(&job.video_id, &job.id, number),
        SnapshotType::SpriteOriginSnapshot => key::sprite_origin(&job.video_id, &job.id, number),
        _ => key::picture(&job.video_id, &job.id, number),
    }
}

fn pattern(job: &Job, kind: SnapshotType) -> String {
    match kind {
        SnapshotType::SpriteSnapshot => key::sheet_pattern(&job.video_id, &job.id),
        SnapshotType::SpriteOriginSnapshot => key::sprite_origin_pattern(&job.video_id, &job.id),
        _ => key::picture_pattern(&job.video_id, &job.id),
    }
}
