use super::MemoryStore;
use crate::ports::{AccessKey, Keys, PortResult};
use async_trait::async_trait;

#[async_trait]
impl Keys for MemoryStore {
    async fn get(&self, id: &str) -> PortResult<Option<AccessKey>> {
        Ok(self.lock().access_keys.get(id).cloned())
    }
}
