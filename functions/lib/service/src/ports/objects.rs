use super::PortResult;
use crate::model::UnixMs;
use crate::picture_access::{EVENT_URLS_HOLD_MS, PictureAccess};
use crate::url_signature::UrlSignature;
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

    /// Removes these objects, of which some may not be there.
    async fn delete_all(&self, keys: &[String]) -> PortResult<()>;

    /// A page of the keys that begin with `prefix` and come after `after`. `prefix` is a key, or
    /// one with a `/` at its end.
    async fn list(&self, prefix: &str, after: Option<&str>) -> PortResult<KeyPage>;

    /// Where a client gets the object, for ever. `key` may hold a `{SnapshotCount}` placeholder.
    fn public_url(&self, key: &str) -> String;

    /// The key of the object that `url` is of, a public or a signed one of this store.
    fn key_of(&self, url: &str) -> Option<String> {
        let address = url.split(['?', '#']).next()?;
        let key = address.strip_prefix(&self.public_url(""))?;
        is_object_key(key).then(|| key.to_owned())
    }

    /// Where a client gets the object until `expires_ms` (Unix time). A key with a
    /// `{SnapshotCount}` placeholder is signed for all that its job has made.
    async fn signed_url(&self, key: &str, expires_ms: UnixMs) -> PortResult<String>;

    /// Whether this store signed `scope` like this, whatever the time.
    async fn verify(&self, scope: &str, signature: &UrlSignature) -> PortResult<bool>;

    /// Who gets an object by its plain address.
    fn access(&self) -> PictureAccess;

    /// Where events say that the object is, from `from_ms` on: an address that gives it.
    async fn event_url(&self, key: &str, from_ms: UnixMs) -> PortResult<String> {
        match self.access() {
            PictureAccess::Public => Ok(self.public_url(key)),
            PictureAccess::Signed => {
                let expires_ms = from_ms.saturating_add(EVENT_URLS_HOLD_MS);
                self.signed_url(key, expires_ms).await
            }
        }
    }

    /// Where the event of a job that is accepted now is to say that these objects are. None: whoever
    /// publishes the event knows as much as whoever accepts the job.
    async fn event_urls(
        &self,
        _keys: &[String],
        _now_ms: UnixMs,
    ) -> PortResult<Option<Vec<String>>> {
        Ok(None)
    }
}

/// Some of the keys that were asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyPage {
    /// In byte order.
    pub keys: Vec<String>,
    /// Whether there are more after the last of them.
    pub has_more: bool,
}

/// Bytes of a key.
const LONGEST_KEY: usize = 512;
/// Bytes of a file's name, on any file system that matters.
const LONGEST_SEGMENT: usize = 255;

/// Whether `text` can be the key of an object: a plain relative path, wherever it leads.
#[must_use]
pub fn is_object_key(text: &str) -> bool {
    text.len() <= LONGEST_KEY && text.split('/').all(is_segment)
}

fn is_segment(segment: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let length = 1..=LONGEST_SEGMENT;
    length.contains(&segment.len())
        && segment != "."
        && segment != ".."
        && segment.bytes().all(allowed)
}
