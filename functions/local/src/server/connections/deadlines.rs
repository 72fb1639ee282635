//! How long a client may take, and how slow it may be.

use std::time::Duration;
pub use webhook::MinimumRate;
pub(super) use webhook::RateDebt;

/// The deadlines of one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionDeadlines {
    /// Without a request: before the first one, and between two.
    pub idle: Duration,
    /// From the first byte of a request's head to its last, and the same for a TLS handshake.
    pub head: Duration,
    /// For a request's body.
    pub body: MinimumRate,
    /// For reading the answer. Only time in which bytes wait for the client counts: pauses of our
    /// own never make a client late.
    pub answer: MinimumRate,
}

impl ConnectionDeadlines {
    /// While there are enough free connections. A player that pauses for a minute keeps its
    /// connection; after that it resumes with a range request.
    pub const RELAXED: Self = Self {
        idle: Duration::from_secs(75),
        head: Duration::from_secs(10),
        body: MinimumRate::new(Duration::from_secs(10), 16 * 1024),
        answer: MinimumRate::new(Duration::from_secs(65), 1024),
    };

    /// While most of the connections are in use.
    pub const PRESSED: Self = Self {
        idle: Duration::from_secs(5),
        head: Duration::from_secs(3),
        body: MinimumRate::new(Duration::from_secs(3), 64 * 1024),
        answer: MinimumRate::new(Duration::from_secs(5), 16 * 1024),
    };
}
