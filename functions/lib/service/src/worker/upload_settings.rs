//! What uploads by URL need and may cost.

use crate::ports::Downloads;
use std::sync::Arc;

/// How uploads are done, and how large they may be.
#[derive(Clone)]
pub struct UploadSettings {
    /// The way to their URLs.
    pub downloads: Arc<dyn Downloads>,
    /// Of one file.
    pub max_bytes: u64,
    /// Of all uploaded files together.
    pub quota_bytes: u64,
}
