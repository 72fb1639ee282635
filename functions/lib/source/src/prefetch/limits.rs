//! Bounds on reading ahead.

use crate::{RangeSource, Retries};

/// Bounds on one fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrefetchLimits {
    /// Most requests at once: so many threads, at least one.
    pub in_flight: usize,
    /// Most bytes asked for or come and not yet taken. One piece that is larger is held alone.
    pub window_bytes: u64,
    /// Most bytes of one request, but for a piece that is larger.
    pub read_bytes: u64,
    /// Most bytes of one piece.
    pub piece_bytes: u64,
    /// For each request.
    pub retries: Retries,
}

impl PrefetchLimits {
    /// What suits `source`, for one of `shares` fetches that run side by side and hold at most
    /// `window_bytes` together. Far sources are read by eight requests of up to 1 MB at once. A
    /// file on this machine is read ahead by one thread, and not far: the system does that too.
    #[must_use]
    pub fn of(source: &dyn RangeSource, window_bytes: u64, shares: usize) -> Self {
        let shares = u64::try_from(shares.max(1)).unwrap_or(u64::MAX);
        let share = (window_bytes / shares).max(1);
        let is_near = source.path().is_some();
        Self {
            in_flight: if is_near { 1 } else { 8 },
            window_bytes: if is_near { share.min(1 << 20) } else { share },
            read_bytes: if is_near { 256 << 10 } else { 1 << 20 },
            piece_bytes: share,
            retries: Retries::default(),
        }
    }
}
