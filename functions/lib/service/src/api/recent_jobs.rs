//! What was read lately of jobs and their videos, for those who ask for one picture after another.

use crate::model::{Job, JobId, Video, VideoId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Entries that are kept.
const MOST_REMEMBERED: usize = 2000;

/// What was read of a video and of one of its jobs, so that a page of their pictures is not read of
/// once for each.
#[derive(Debug, Clone, Default)]
pub(super) struct RecentJobs(Arc<Mutex<HashMap<(VideoId, JobId), Recent>>>);

#[derive(Debug, Clone)]
pub(super) struct Recent {
    pub(super) read: Instant,
    /// None: one of both is not there.
    pub(super) found: Option<Arc<(Video, Job)>>,
}

impl RecentJobs {
    pub(super) fn get(&self, id: &(VideoId, JobId), longest: Duration) -> Option<Recent> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = held.get(id)?;
        (recent.read.elapsed() < longest).then(|| recent.clone())
    }

    pub(super) fn put(&self, id: (VideoId, JobId), recent: Recent) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= MOST_REMEMBERED {
            held.clear();
        }
        held.insert(id, recent);
    }
}
