//! The ports of the service on one SQLite file and a folder.
//!
//! **Purpose.** All that one machine needs to run the service: [`Store::open`] owns a data folder,
//! [`Store::ports`] gives the ports on it, and the other ends of queue and events are methods of
//! [`Store`].
//!
//! **Promises.** What a port promised to keep is on the disk when its method returns. It survives the
//! end of the process at any moment as well as a loss of power. One process owns a data folder at a
//! time; others may read its event log.
//!
//! **Not here.** HTTP, the loops of workers and deliveries, the retry policy.
//!
//! ```text
//! <data>/vod-snapshot.db   videos, jobs, templates, settings, messages, events, deliveries
//! <data>/objects/          the pictures, each under its key
//! <data>/uploads/          files that were uploaded by URL
//! <data>/tmp/              files being written
//! <data>/lock              held by the process that owns the folder
//! ```
//!
//! ```
//! use embedded::{Store, StoreError, StoreOptions};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let store = Store::open(folder.path(), StoreOptions::default())?;
//! let other = Store::open(folder.path(), StoreOptions::default());
//! assert!(matches!(other, Err(StoreError::InUse { .. })));
//!
//! let url = store.ports().objects.public_url("v/snapshots/j-00001.jpg");
//! assert!(url.ends_with("/v/snapshots/j-00001.jpg"));
//! # Ok(())
//! # }
//! ```

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
mod remote;
mod sources;
mod spelling;
mod store;
mod submissions;
mod templates;
#[cfg(test)]
mod tests;
mod upload_folder;
mod uploads;
mod videos;
mod wait;

pub use error::StoreError;
pub use events::{Attempted, DueDelivery, EventLog, Receiver, RetryPolicy, Standing};
pub use foreign::ForeignEntry;
pub use objects::{FileVersion, OpenObject};
pub use queue::{Delivery, Lane, Receipt};
pub use remote::RemoteFiles;
pub use store::{
    JobPlace, ListedDelivery, ListedEvent, ListedJob, QueueStatistics, Remains, Store,
    StoreOptions, StoreStatistics,
};
