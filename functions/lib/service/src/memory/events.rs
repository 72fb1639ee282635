use super::MemoryStore;
use crate::model::Event;
use crate::ports::{Events, PortResult};
use async_trait::async_trait;

#[async_trait]
impl Events for MemoryStore {
    async fn publish(&self, event: &Event) -> PortResult<()> {
        let events = &mut self.lock().events;
        if events.iter().all(|published| published.id != event.id) {
            events.push(event.clone());
        }
        Ok(())
    }
}
