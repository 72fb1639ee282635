//! What a run came to, for those who measure.

use artifacts::manifest::Usage;

/// What one run of a message did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunReport {
    /// The video of the job; none where the job was not found.
    pub video_id: Option<String>,
    /// When the job was accepted, Unix ms.
    pub accepted_ms: Option<i64>,
    /// Pictures of a job that succeeded in this run.
    pub pictures: u64,
    /// The code of a job that ended Fail in this run.
    pub failure: Option<String>,
    /// Whether the rest of the job was handed on.
    pub handed_on: bool,
    /// What this run alone used; its GB-seconds are not known here.
    pub usage: Usage,
}
