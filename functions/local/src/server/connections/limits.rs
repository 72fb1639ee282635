//! How many connections there may be, and what that asks of each.

use super::deadlines::Deadlines;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The bounds of the server's connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// Connections at a time; none: as many as the descriptors allow that jobs do not need, at
    /// most [`ConnectionLimits::MOST`].
    pub at_once: Option<usize>,
    /// While there is room.
    pub relaxed: Deadlines,
    /// From three quarters of the connections on.
    pub pressed: Deadlines,
    /// Bytes in memory of bodies that are longer than 16 KiB each; a body waits for its share.
    pub long_bodies: usize,
}

impl ConnectionLimits {
    /// However many descriptors there are: each connection costs up to 200 KB of memory.
    pub const MOST: usize = 512;
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            at_once: None,
            relaxed: Deadlines::RELAXED,
            pressed: Deadlines::PRESSED,
            // A signed megabyte takes fifteen while its signature is checked.
            long_bodies: 4 * 1024 * 1024,
        }
    }
}

/// The limits, and how near to the first of them the server is.
#[derive(Debug)]
pub(super) struct Pressure {
    pub(super) most: usize,
    relaxed: Deadlines,
    pressed: Deadlines,
    open: AtomicUsize,
}

impl Pressure {
    pub(super) fn new(limits: &ConnectionLimits, most: usize) -> Self {
        Self {
            most,
            relaxed: limits.relaxed,
            pressed: limits.pressed,
            open: AtomicUsize::new(0),
        }
    }

    /// That so many are open now.
    pub(super) fn set_open(&self, connections: usize) {
        self.open.store(connections, Ordering::Relaxed);
    }

    /// What holds now.
    pub(super) fn deadlines(&self) -> &Deadlines {
        if self.open.load(Ordering::Relaxed) * 4 >= self.most * 3 {
            &self.pressed
        } else {
            &self.relaxed
        }
    }
}
