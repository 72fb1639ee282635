use super::PortResult;
use crate::model::Event;
use async_trait::async_trait;

/// The way to the subscribers. At least once: subscribers may see an event again, with its id.
#[async_trait]
pub trait Events: Send + Sync {
    /// The event is kept, and will be delivered, when this returns. An id that was published
    /// before changes nothing.
    async fn publish(&self, event: &Event) -> PortResult<()>;
}
