use super::MemoryStore;
use crate::model::Message;
use crate::ports::{PortResult, Queue};
use async_trait::async_trait;

#[async_trait]
impl Queue for MemoryStore {
    async fn send(&self, message: &Message) -> PortResult<()> {
        self.lock().messages.push(message.clone());
        Ok(())
    }
}
