//! What the use cases need from outside, each a small trait with one job.
//!
//! Every body of a port must hold the promise written at each method; one suite checks them all.

mod callbacks;
mod clock;
mod error;
mod events;
mod jobs;
mod keys;
mod no_uploads;
mod nonces;
mod objects;
mod queue;
mod rate_limiter;
mod sources;
mod submissions;
mod templates;
mod uploads;
mod videos;

pub use callbacks::Callbacks;
pub use clock::{Clock, SystemClock};
pub use error::{PortError, PortErrorKind, PortResult};
pub use events::Events;
pub use jobs::Jobs;
pub use keys::{AccessKey, Keys};
pub use no_uploads::NoUploads;
pub use nonces::Nonces;
pub use objects::{KeyPage, Objects, is_object_key};
pub use queue::Queue;
pub use rate_limiter::{RateDecision, RateLimiter};
pub use sources::{SourceError, Sources};
pub use submissions::{Acceptance, CallToken, Submissions};
pub use templates::Templates;
pub use uploads::{DownloadFailure, Downloads, RemoteFile, UploadFiles, UploadWriter, Uploads};
pub use videos::{Registration, VideoList, Videos};

use std::sync::Arc;

/// One of each.
#[derive(Clone)]
#[allow(missing_docs)]
pub struct Ports {
    pub videos: Arc<dyn Videos>,
    pub jobs: Arc<dyn Jobs>,
    pub submissions: Arc<dyn Submissions>,
    pub templates: Arc<dyn Templates>,
    pub callbacks: Arc<dyn Callbacks>,
    pub nonces: Arc<dyn Nonces>,
    pub queue: Arc<dyn Queue>,
    pub objects: Arc<dyn Objects>,
    pub events: Arc<dyn Events>,
    pub sources: Arc<dyn Sources>,
    pub uploads: Arc<dyn Uploads>,
    pub upload_files: Arc<dyn UploadFiles>,
    pub clock: Arc<dyn Clock>,
}
