//! What both ends of the way to the subscribers have in common.

use crate::database::Database;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::Notify;

pub(super) const PORT: &str = "events";

/// Both ends of the way to the subscribers.
#[derive(Clone)]
pub(crate) struct EventTable {
    pub(crate) database: Database,
    /// URLs that get every event.
    pub(crate) subscribers: Arc<BTreeSet<String>>,
    /// Told after every commit that makes a delivery due sooner.
    pub(crate) published: Arc<Notify>,
}
