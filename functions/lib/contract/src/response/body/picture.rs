//! Pictures of a video.

use super::Body;
use crate::action::Action;
use crate::id::JobId;
use crate::time::utc_time;
use serde_json::{Value, json};

/// One page of the pictures of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListSnapshots {
    /// When the job was submitted, Unix ms.
    pub created_ms: i64,
    /// The job.
    pub job_id: JobId,
    /// URL with `{SnapshotCount}` for the five-digit number.
    pub regular: String,
    /// Pictures of the whole job.
    pub total: u64,
    /// Index, from 1, and URL of each picture of this page.
    pub snapshots: Vec<(u64, String)>,
}

impl Body for ListSnapshots {
    const ACTION: Action = Action::ListSnapshots;

    fn fields(&self) -> Value {
        let listed = self
            .snapshots
            .iter()
            .map(|(index, url)| json!({"Index": index, "Url": url}));
        json!({"MediaSnapshot": {
            "CreationTime": utc_time(self.created_ms),
            "JobId": self.job_id,
            "Regular": self.regular,
            "Total": self.total,
            // Clients crash on a bare array here.
            "Snapshots": {"Snapshot": listed.collect::<Vec<_>>()},
        }})
    }
}

/// The pictures are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeleteImage;

impl Body for DeleteImage {
    const ACTION: Action = Action::DeleteImage;

    fn fields(&self) -> Value {
        json!({})
    }
}
