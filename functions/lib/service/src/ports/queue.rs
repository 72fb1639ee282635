use super::PortResult;
use crate::model::Message;
use async_trait::async_trait;

/// The way to the workers. Delivers at least once, in no order.
#[async_trait]
pub trait Queue: Send + Sync {
    /// The message is kept when this returns.
    async fn send(&self, message: &Message) -> PortResult<()>;
}
