//! The workers' end of the queue. At least once: what is received is hidden until its
//! visibility ends, then received again, with another receipt. Which message comes next is
//! first sent, first received among those that are visible.

use super::Store;
use crate::queue::{Delivery, Lane, Receipt};
use service::model::UnixMs;
use service::ports::PortResult;

impl Store {
    /// The next message, hidden from others for `visibility_ms` from `now_ms`.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn receive(
        &self,
        now_ms: UnixMs,
        visibility_ms: i64,
    ) -> PortResult<Option<Delivery>> {
        self.receive_of(Lane::Jobs, now_ms, visibility_ms).await
    }

    /// The same for the workers of `lane`.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn receive_of(
        &self,
        lane: Lane,
        now_ms: UnixMs,
        visibility_ms: i64,
    ) -> PortResult<Option<Delivery>> {
        self.messages.receive(lane, now_ms, visibility_ms).await
    }

    /// Keeps the message hidden until `until_ms`. False when the receipt holds no more.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn extend(&self, receipt: &Receipt, until_ms: UnixMs) -> PortResult<bool> {
        self.messages.extend(receipt, until_ms).await
    }

    /// Ends the message. False when the receipt holds no more: another delivery will.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn delete(&self, receipt: &Receipt) -> PortResult<bool> {
        self.messages.delete(receipt).await
    }

    /// Gives the message back, to be received from `at_ms` on. False when the receipt holds no
    /// more.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn release(&self, receipt: &Receipt, at_ms: UnixMs) -> PortResult<bool> {
        self.messages.release(receipt, at_ms).await
    }

    /// Returns once there may be a message for who received none at `now_ms`; now and then
    /// before there is one.
    pub async fn wait_for_message(&self, now_ms: UnixMs) {
        self.wait_for_message_of(Lane::Jobs, now_ms).await;
    }

    /// The same for the workers of `lane`.
    pub async fn wait_for_message_of(&self, lane: Lane, now_ms: UnixMs) {
        self.messages.wait(lane, now_ms).await;
    }
}
