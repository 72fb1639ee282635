use super::MemoryStore;
use crate::model::CallbackSettings;
use crate::ports::{Callbacks, PortResult};
use async_trait::async_trait;

#[async_trait]
impl Callbacks for MemoryStore {
    async fn put(&self, settings: &CallbackSettings) -> PortResult<()> {
        let (key, settings) = (settings.app_id.clone(), settings.clone());
        self.lock().callbacks.insert(key, settings);
        Ok(())
    }

    async fn get(&self, app_id: &str) -> PortResult<Option<CallbackSettings>> {
        Ok(self.lock().callbacks.get(app_id).cloned())
    }

    async fn delete(&self, app_id: &str) -> PortResult<()> {
        self.lock().callbacks.remove(app_id);
        Ok(())
    }
}
