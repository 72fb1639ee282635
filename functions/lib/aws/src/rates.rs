//! [`Rates`] over all environments of a function: calls counted by the second, in the table.

use crate::table::{Key, Table};
use async_trait::async_trait;
use service::api::Throttle;
use service::ports::{Clock, Pace, PortResult, Rates, SystemClock};

/// A count is of no use after its second; clocks may differ by a little.
const KEPT_S: i64 = 60;

pub(crate) struct SharedRates {
    pub(crate) table: Table,
    /// What one environment can refuse by itself costs no write.
    pub(crate) own: Throttle,
    /// 0: no limit, and nothing to count.
    pub(crate) per_second: u32,
}

#[async_trait]
impl Rates for SharedRates {
    async fn count(&self, user: &str) -> PortResult<Pace> {
        if self.per_second == 0 {
            return Ok(Pace::Fine);
        }
        if let wait @ Pace::WaitMs(_) = self.own.count(user).await? {
            return Ok(wait);
        }
        self.count_at(user, SystemClock.now_ms()).await
    }
}

impl SharedRates {
    async fn count_at(&self, user: &str, now_ms: i64) -> PortResult<Pace> {
        let (second, into_ms) = (now_ms.div_euclid(1000), now_ms.rem_euclid(1000));
        let key = Key::rate(user, second);
        let calls = self.table.count(key, second.saturating_add(KEPT_S)).await?;
        Ok(if calls <= i64::from(self.per_second) {
            Pace::Fine
        } else {
            Pace::WaitMs(u64::try_from(1000 - into_ms).unwrap_or(1000))
        })
    }
}
