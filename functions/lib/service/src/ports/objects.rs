use super::PortResult;
use async_trait::async_trait;
use bytes::Bytes;

/// The pictures. Keys are `/`-separated relative paths of `[A-Za-z0-9._-]` segments; a body
/// refuses any other.
#[async_trait]
pub trait Objects: Send + Sync {
    /// Writes the object whole or not at all, in place of one of the same key. Kept when this
    /// returns.
    async fn put(&self, key: &str, content_type: &'static str, body: Bytes) -> PortResult<()>;

    /// The object's bytes.
    async fn get(&self, key: &str) -> PortResult<Option<Bytes>>;

    /// The object's length, bytes.
    async fn size(&self, key: &str) -> PortResult<Option<u64>>;

    /// Removes the object; nothing there is fine.
    async fn delete(&self, key: &str) -> PortResult<()>;

    /// Where a client gets the object, for ever. `key` may hold a `{SnapshotCount}` placeholder.
    fn public_url(&self, key: &str) -> String;

    /// Where a client gets the object until `expires_ms` (Unix time).
    fn signed_url(&self, key: &str, expires_ms: i64) -> String;
}
