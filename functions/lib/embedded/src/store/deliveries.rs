//! The delivery loop's end of the events.

use super::Store;
use crate::events::{Attempted, DueDelivery, Receiver, RetryPolicy, Standing};
use crate::wait::told_or_due;
use service::model::UnixMs;
use service::ports::PortResult;

impl Store {
    /// At most `limit` receivers of this standing that have their turn at `now_ms`, who waited
    /// longest first. The same come again until an attempt is recorded, so one loop asks.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn due_receivers(
        &self,
        standing: Standing,
        now_ms: UnixMs,
        limit: usize,
    ) -> PortResult<Vec<Receiver>> {
        self.events.due_receivers(standing, now_ms, limit).await
    }

    /// At most `limit` deliveries to the receiver `origin` that are due at `now_ms`. The same
    /// come again until an attempt is recorded.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn due_deliveries(
        &self,
        origin: &str,
        now_ms: UnixMs,
        limit: usize,
    ) -> PortResult<Vec<DueDelivery>> {
        self.events.due(origin, now_ms, limit).await
    }

    /// What came of an attempt: the delivery is over, or has its next one by `policy`.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn record_attempt(
        &self,
        id: i64,
        attempted: Attempted,
        now_ms: UnixMs,
        policy: RetryPolicy,
    ) -> PortResult<()> {
        self.events.record(id, attempted, now_ms, policy).await
    }

    /// A wait for deliveries beyond those that are seen now: made before the look, awaited after.
    pub fn next_turn(&self, now_ms: UnixMs) -> impl Future<Output = ()> + Send + use<> {
        let told = self.events.published.clone().notified_owned();
        let events = self.events.clone();
        async move { told_or_due(told, events.next_turn_ms(now_ms).await, now_ms).await }
    }

    /// When the next receiver has its turn after `now_ms`; none: nothing is left to deliver then.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn next_turn_ms(&self, now_ms: UnixMs) -> PortResult<Option<UnixMs>> {
        self.events.next_turn_ms(now_ms).await
    }
}
