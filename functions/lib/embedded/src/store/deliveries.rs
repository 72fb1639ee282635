//! The delivery loop's end of the events.

use super::Store;
use crate::events::DueDelivery;
use service::model::UnixMs;
use service::ports::PortResult;

impl Store {
    /// At most `limit` deliveries that are due at `now_ms`. The same come again until their
    /// outcome is recorded, so one loop asks.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn due_deliveries(
        &self,
        now_ms: UnixMs,
        limit: usize,
    ) -> PortResult<Vec<DueDelivery>> {
        self.events.due(now_ms, limit).await
    }

    /// The subscriber has it; the delivery is over.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn record_delivered(&self, id: i64) -> PortResult<()> {
        self.events.record_delivered(id).await
    }

    /// The subscriber did not take it; the next attempt is due at `next_ms`.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn record_failed(&self, id: i64, next_ms: UnixMs) -> PortResult<()> {
        self.events.record_failed(id, next_ms).await
    }

    /// The subscriber never took it; the delivery is over.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn give_up(&self, id: i64) -> PortResult<()> {
        self.events.give_up(id).await
    }

    /// When the next delivery is due; none: nothing is left to deliver.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn next_due_ms(&self) -> PortResult<Option<UnixMs>> {
        self.events.next_due_ms().await
    }

    /// Returns once there may be a delivery for who saw none due at `now_ms`; now and then
    /// before there is one.
    pub async fn wait_for_delivery(&self, now_ms: UnixMs) {
        self.events.wait(now_ms).await;
    }
}
