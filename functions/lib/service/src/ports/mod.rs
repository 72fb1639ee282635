//! What the use cases need from outside, each a small trait with one job.
//!
//! Every body of a port must hold the promise written at each method; one suite checks them all.

mod callbacks;
mod clock;
mod events;
mod jobs;
mod keys;
mod nonces;
mod objects;
mod queue;
mod rates;
mod sources;
mod submissions;
mod templates;
mod videos;

pub use callbacks::Callbacks;
pub use clock::{Clock, SystemClock};
pub use events::Events;
pub use jobs::Jobs;
pub use keys::{AccessKey, Keys};
pub use nonces::Nonces;
pub use objects::{KeyPage, Objects, is_object_key};
pub use queue::Queue;
pub use rates::{Pace, Rates};
pub use sources::{SourceError, Sources};
pub use submissions::{Acceptance, CallToken, Submissions};
pub use templates::Templates;
pub use videos::{Registered, Videos};

use std::sync::Arc;
use thiserror::Error;

/// A port could not answer now; the same call may do so later.
#[derive(Debug, Error)]
#[error("{port}: {detail}")]
pub struct PortError {
    /// Which port.
    pub port: &'static str,
    /// For the log.
    pub detail: String,
}

impl PortError {
    /// `port` failed because of `cause`.
    pub fn new(port: &'static str, cause: impl std::fmt::Display) -> Self {
        Self {
            port,
            detail: cause.to_string(),
        }
    }
}

/// What a port gives.
pub type PortResult<T> = Result<T, PortError>;

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
    pub clock: Arc<dyn Clock>,
}
