//! All open connections: the watch that ends those past their deadlines, and who makes room.

use super::connection::Connection;
use super::limits::{ConnectionLimits, Pressure};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;
use tracing::info;

/// How often deadlines are looked at: what every one of them may be late by.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// How often the log is told of connections that were cut; there may be thousands.
const TELL_EVERY: Duration = Duration::from_secs(10);

/// The open connections of one server. Clones are the same.
#[derive(Debug, Clone)]
pub(in crate::server) struct Connections {
    pressure: Arc<Pressure>,
    open: Arc<Mutex<Open>>,
    closed: Arc<Notify>,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    /// In the order they came: of equals the oldest goes first.
    connections: BTreeMap<u64, Arc<Connection>>,
}

/// A place among the open ones, free again when dropped.
#[derive(Debug)]
pub(super) struct Place {
    connections: Connections,
    number: u64,
    pub(super) connection: Arc<Connection>,
}

impl Connections {
    pub(in crate::server) fn new(limits: &ConnectionLimits, most: usize) -> Self {
        Self {
            pressure: Arc::new(Pressure::new(limits, most)),
            open: Arc::default(),
            closed: Arc::default(),
        }
    }

    /// How many are open.
    pub(in crate::server) fn count(&self) -> usize {
        self.open().connections.len()
    }

    /// A place, once there is one. Where there is none, what is idle makes room.
    pub(super) async fn place(&self) -> Place {
        loop {
            let closed = self.closed.notified();
            if let Some(place) = self.try_place() {
                return place;
            }
            self.make_room();
            closed.await;
        }
    }

    fn try_place(&self) -> Option<Place> {
        let mut open = self.open();
        if open.connections.len() >= self.pressure.most {
            return None;
        }
        let connection = Arc::new(Connection::new(self.pressure.clone()));
        let number = open.next;
        open.next += 1;
        open.connections.insert(number, connection.clone());
        self.pressure.set_open(open.connections.len());
        Some(Place {
            connections: self.clone(),
            number,
            connection,
        })
    }

    /// Ends the one that is of the least use, if any is idle. A client that has just connected
    /// brings its request within a moment, so the oldest silent one goes first.
    pub(super) fn make_room(&self) {
        let open = self.open();
        let ranks = open.connections.values();
        let ranked = ranks.filter_map(|one| one.rank().map(|rank| (rank, one)));
        if let Some((_, least)) = ranked.min_by_key(|(rank, _)| *rank) {
            least.cut();
        }
    }

    /// Ends what is past its deadlines, for as long as this is polled.
    pub(super) async fn watch(&self) {
        let (mut cut, mut told) = (BTreeMap::<&str, u64>::new(), Instant::now());
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            for why in self.cut_overdue() {
                *cut.entry(why).or_default() += 1;
            }
            if !cut.is_empty() && told.elapsed() >= TELL_EVERY {
                for (why, connections) in std::mem::take(&mut cut) {
                    info!(connections, why, "connections cut at their deadline");
                }
                told = Instant::now();
            }
        }
    }

    fn cut_overdue(&self) -> Vec<&'static str> {
        let open = self.open();
        let overdue = |connection: &Arc<Connection>| {
            let why = connection.overdue()?;
            connection.cut();
            Some(why)
        };
        open.connections.values().filter_map(overdue).collect()
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
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
    async fn the_oldest_silent_one_makes_room() {
        let connections = Connections::new(&ConnectionLimits::default(), 2);
        let (first, second) = (connections.place().await, connections.place().await);
        let waiting = tokio::spawn({
            let connections = connections.clone();
            async move { connections.place().await }
        });
        first.connection.is_cut().await;
        drop(first);
        let third = waiting.await.unwrap();
        assert_eq!(connections.count(), 2);
        drop((second, third));
        assert_eq!(connections.count(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn those_at_work_are_waited_for() {
        let connections = Connections::new(&ConnectionLimits::default(), 1);
        let first = connections.place().await;
        let visit = first.connection.request();
        let wait = Duration::from_secs(1);
        let waited = tokio::time::timeout(wait, connections.place()).await;
        assert!(waited.is_err());
        drop((visit, first));
        connections.place().await;
    }
}
