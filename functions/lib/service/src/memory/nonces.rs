use super::MemoryStore;
use crate::model::UnixMs;
use crate::ports::{Nonces, PortResult};
use async_trait::async_trait;

#[async_trait]
impl Nonces for MemoryStore {
    async fn use_once(&self, key_id: &str, nonce: &str, _expires_ms: UnixMs) -> PortResult<bool> {
        let nonce = (key_id.to_owned(), nonce.to_owned());
        Ok(self.lock().nonces.insert(nonce))
    }
}
