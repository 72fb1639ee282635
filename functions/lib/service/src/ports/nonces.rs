use super::PortResult;
use crate::model::UnixMs;
use async_trait::async_trait;

/// Signature nonces that were used.
#[async_trait]
pub trait Nonces: Send + Sync {
    /// Uses `nonce` of `key_id`; false when it was used before. One write: of two at once one
    /// gets true. May be forgotten after `expires_ms`.
    async fn use_once(&self, key_id: &str, nonce: &str, expires_ms: UnixMs) -> PortResult<bool>;
}
