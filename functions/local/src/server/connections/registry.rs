//! All open connections: the watchdog that closes those past their deadlines, and the choice of the
//! one that makes room.

use super::connection::ClientConnection;
use super::limits::{ConnectionLimits, ConnectionPressure};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;
use tracing::info;

/// How often deadlines are checked. Each may be exceeded by as much.
const CHECK_EVERY: Duration = Duration::from_millis(200);

/// How often closed connections are logged; there may be thousands.
const LOG_EVERY: Duration = Duration::from_secs(10);

/// The open connections of one server. Clones share them.
#[derive(Debug, Clone)]
pub(crate) struct ConnectionRegistry {
    pressure: Arc<ConnectionPressure>,
    open: Arc<Mutex<OpenConnections>>,
    closed: Arc<Notify>,
}

#[derive(Debug, Default)]
struct OpenConnections {
    next: u64,
    /// In the order of their arrival: of equals the oldest is closed first.
    connections: BTreeMap<u64, Arc<ClientConnection>>,
}

/// One of the connections that may be open. Free again when dropped.
#[derive(Debug)]
pub(super) struct ConnectionSlot {
    connections: ConnectionRegistry,
    number: u64,
    pub(super) connection: Arc<ClientConnection>,
}

impl ConnectionRegistry {
    pub(crate) fn new(limits: &ConnectionLimits, max_connections: usize) -> Self {
        Self {
            pressure: Arc::new(ConnectionPressure::new(limits, max_connections)),
            open: Arc::default(),
            closed: Arc::default(),
        }
    }

    /// How many are open.
    pub(crate) fn count(&self) -> usize {
        self.open().connections.len()
    }

    /// Waits for a free slot. Where there is none, an idle connection is closed.
    pub(super) async fn slot(&self) -> ConnectionSlot {
        loop {
            let closed = self.closed.notified();
            if let Some(slot) = self.try_slot() {
                return slot;
            }
            self.make_room();
            closed.await;
        }
    }

    fn try_slot(&self) -> Option<ConnectionSlot> {
        let mut open = self.open();
        if open.connections.len() >= self.pressure.max_connections {
            return None;
        }
        let connection = Arc::new(ClientConnection::new(self.pressure.clone()));
        let number = open.next;
        open.next += 1;
        open.connections.insert(number, connection.clone());
        self.pressure.set_open(open.connections.len());
        Some(ConnectionSlot {
            connections: self.clone(),
            number,
            connection,
        })
    }

    /// Closes the idle connection of the lowest rank, if any. A client that has just connected
    /// sends its request within a moment, so the oldest silent one goes first.
    pub(super) fn make_room(&self) {
        let open = self.open();
        let ranks = open.connections.values();
        let ranked = ranks.filter_map(|open| open.eviction_rank().map(|rank| (rank, open)));
        if let Some((_, lowest)) = ranked.min_by_key(|(rank, _)| *rank) {
            lowest.close();
        }
    }

    /// Closes connections past their deadlines, for as long as this is polled.
    pub(super) async fn run_watchdog(&self) {
        let (mut closed, mut logged) = (BTreeMap::<&str, u64>::new(), Instant::now());
        loop {
            tokio::time::sleep(CHECK_EVERY).await;
            for why in self.close_overdue() {
                *closed.entry(why).or_default() += 1;
            }
            if !closed.is_empty() && logged.elapsed() >= LOG_EVERY {
                for (why, connections) in std::mem::take(&mut closed) {
                    info!(connections, why, "connections closed at their deadline");
                }
                logged = Instant::now();
            }
        }
    }

    fn close_overdue(&self) -> Vec<&'static str> {
        let open = self.open();
        let overdue = |connection: &Arc<ClientConnection>| {
            let why = connection.overdue()?;
            connection.close();
            Some(why)
        };
        open.connections.values().filter_map(overdue).collect()
    }

    fn open(&self) -> MutexGuard<'_, OpenConnections> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let mut open = self.connections.open();
        open.connections.remove(&self.number);
        self.connections.pressure.set_open(open.connections.len());
        drop(open);
        self.connections.closed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_oldest_silent_connection_makes_room() {
        let connections = ConnectionRegistry::new(&ConnectionLimits::default(), 2);
        let (first, second) = (connections.slot().await, connections.slot().await);
        let waiting = tokio::spawn({
            let connections = connections.clone();
            async move { connections.slot().await }
        });
        first.connection.closed().await;
        drop(first);
        let third = waiting.await.unwrap();
        assert_eq!(connections.count(), 2);
        drop((second, third));
        assert_eq!(connections.count(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn active_connections_are_waited_for() {
        let connections = ConnectionRegistry::new(&ConnectionLimits::default(), 1);
        let first = connections.slot().await;
        let active = first.connection.start_request();
        let wait = Duration::from_secs(1);
        let waited = tokio::time::timeout(wait, connections.slot()).await;
        assert!(waited.is_err());
        drop((active, first));
        connections.slot().await;
    }
}
