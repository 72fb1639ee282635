//! What a server that stops leaves for the next one.

use super::Store;
use service::ports::PortResult;

/// Work that is kept in the store and not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remains {
    /// Accepted jobs that have not come to their event.
    pub jobs: u64,
    /// Events that have not reached a subscriber, each counted once for each subscriber.
    pub deliveries: u64,
}

impl Store {
    /// What is left to do.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn remains(&self) -> PortResult<Remains> {
        Ok(Remains {
            jobs: self.messages.open_jobs().await?,
            deliveries: self.events.open_deliveries().await?,
        })
    }
}
