use super::PortResult;
use async_trait::async_trait;

/// Whether a user may go on calling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateDecision {
    /// Now.
    Allowed,
    /// Not before so many ms have passed.
    WaitMs(u64),
}

/// How often each user calls.
#[async_trait]
pub trait RateLimiter: Send + Sync {
    /// Counts a call of `user`, and says whether it is one too many.
    async fn count(&self, user: &str) -> PortResult<RateDecision>;
}
