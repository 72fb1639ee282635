//! How many connections there may be, and which deadlines follow from their number.

use super::deadlines::ConnectionDeadlines;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The bounds of the server's connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// Concurrent connections; none: as many as the descriptors that jobs do not need allow, at
    /// most [`ConnectionLimits::MAX_CONNECTIONS`].
    pub max_connections: Option<usize>,
    /// Below three quarters of the connections.
    pub relaxed: ConnectionDeadlines,
    /// From three quarters of the connections on.
    pub pressed: ConnectionDeadlines,
    /// Memory for request bodies longer than 16 KiB, all together. A body waits until its share is
    /// free.
    pub long_body_bytes: usize,
}

impl ConnectionLimits {
    /// The most, however many descriptors there are: each connection costs up to 200 KB of memory.
    pub const MAX_CONNECTIONS: usize = 512;
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            max_connections: None,
            relaxed: ConnectionDeadlines::RELAXED,
            pressed: ConnectionDeadlines::PRESSED,
            // A signed body of 1 MB takes 15 MB while its signature is checked.
            long_body_bytes: 4 * 1024 * 1024,
        }
    }
}

/// The limits, and how many connections are open.
#[derive(Debug)]
pub(super) struct ConnectionPressure {
    pub(super) max_connections: usize,
    relaxed: ConnectionDeadlines,
    pressed: ConnectionDeadlines,
    open: AtomicUsize,
}

impl ConnectionPressure {
    pub(super) fn new(limits: &ConnectionLimits, max_connections: usize) -> Self {
        Self {
            max_connections,
            relaxed: limits.relaxed,
            pressed: limits.pressed,
            open: AtomicUsize::new(0),
        }
    }

    /// Records how many connections are open.
    pub(super) fn set_open(&self, connections: usize) {
        self.open.store(connections, Ordering::Relaxed);
    }

    /// The deadlines that apply now.
    pub(super) fn deadlines(&self) -> &ConnectionDeadlines {
        if self.open.load(Ordering::Relaxed) * 4 >= self.max_connections * 3 {
            &self.pressed
        } else {
            &self.relaxed
        }
    }
}
