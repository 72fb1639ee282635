//! The HTTP server's end of the objects.

use super::Store;
use crate::objects::OpenObject;
use service::model::UnixMs;
use std::io;

impl Store {
    /// The object under `key`, opened; none for a text that is no key. Blocks.
    ///
    /// # Errors
    /// The disk did not answer.
    pub fn open_for_reading(&self, key: &str) -> io::Result<Option<OpenObject>> {
        self.objects.open_for_reading(key)
    }

    /// Whether `expires` (Unix time, s) and `signature` are of a signed URL of this store for
    /// `key`, and it still holds at `now_ms`.
    #[must_use]
    pub fn verify_url(&self, key: &str, expires: i64, signature: &str, now_ms: UnixMs) -> bool {
        self.objects.links.verify(key, expires, signature, now_ms)
    }
}
