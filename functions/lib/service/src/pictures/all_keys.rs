//! Everything that a job has made.

use super::keys::keys;
use super::storyboard_keys::storyboard_keys;
use crate::model::{Job, JobResult, JobState, SnapshotType};
use artifacts::key;

/// Every key that a job has and keeps, its manifest last. Nothing of one that failed or runs.
#[must_use]
pub fn all_keys(job: &Job) -> Vec<String> {
    let JobState::Completed(completion) = &job.state else {
        return Vec::new();
    };
    if let JobResult::Fail { .. } = completion.result {
        return Vec::new();
    }
    let mut all: Vec<_> = SnapshotType::ALL
        .iter()
        .flat_map(|&kind| keys(job, kind))
        .collect();
    // Those of Jellyfin are the sheets.
    let told = storyboard_keys(job).into_iter();
    all.extend(told.filter(|file| file.name.is_none()).map(|file| file.key));
    all.push(key::manifest(&job.video_id, &job.id));
    all
}
