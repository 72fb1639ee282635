//! [`RateLimiter`] over all environments of a function: calls counted by the second, in the table.

use crate::table::{ItemKey, Table};
use async_trait::async_trait;
use service::api::GcraLimiter;
use service::ports::{Clock, PortResult, RateDecision, RateLimiter, SystemClock};

/// A count is of no use after its second; clocks may differ by a little.
const KEPT_S: i64 = 60;

pub(crate) struct SharedRateLimiter {
    pub(crate) table: Table,
    /// What one environment can refuse by itself costs no write.
    pub(crate) own: GcraLimiter,
    /// 0: no limit, and nothing to count.
    pub(crate) per_second: u32,
}

#[async_trait]
impl RateLimiter for SharedRateLimiter {
    async fn count(&self, user: &str) -> PortResult<RateDecision> {
        if self.per_second == 0 {
            return Ok(RateDecision::Allowed);
        }
        if let wait @ RateDecision::WaitMs(_) = self.own.count(user).await? {
            return Ok(wait);
        }
        self.count_at(user, SystemClock.now_ms()).await
    }
}

impl SharedRateLimiter {
    async fn count_at(&self, user: &str, now_ms: i64) -> PortResult<RateDecision> {
        let (second, into_ms) = (now_ms.div_euclid(1000), now_ms.rem_euclid(1000));
        let key = ItemKey::rate(user, second);
        let calls = self.table.count(key, second.saturating_add(KEPT_S)).await?;
        Ok(if calls <= i64::from(self.per_second) {
            RateDecision::Allowed
        } else {
            RateDecision::WaitMs(u64::try_from(1000 - into_ms).unwrap_or(1000))
        })
    }
}
