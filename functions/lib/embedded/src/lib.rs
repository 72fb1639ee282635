//! The ports of the service on one SQLite file and a folder: all that one machine needs.
//!
//! What a port promised to keep is on the disk when its method returns, and survives the end of
//! the process at any moment as well as a loss of power. One process owns a data folder at a
//! time; others may read its event log.
//!
//! ```text
//! <data>/vod-snapshot.db   videos, jobs, templates, settings, messages, events, deliveries
//! <data>/objects/          the pictures, each under its key
//! <data>/tmp/              objects being written
//! <data>/lock              held by the process that owns the folder
//! ```
//!
//! Not here: HTTP, the loops of workers and deliveries, the retry policy.

mod callbacks;
mod database;
mod error;
mod events;
mod folder;
mod foreign;
mod jobs;
mod media_root;
mod nonces;
mod objects;
mod queue;
mod sources;
mod store;
mod submissions;
mod templates;
#[cfg(test)]
mod tests;
mod videos;
mod wait;

pub use error::StoreError;
pub use events::{Attempted, DueDelivery, EventLog, Receiver, RetryPolicy, Standing};
pub use foreign::ForeignEntry;
pub use objects::{FileVersion, OpenObject};
pub use queue::{Delivery, Receipt};
pub use store::{Remains, Store, StoreOptions};
