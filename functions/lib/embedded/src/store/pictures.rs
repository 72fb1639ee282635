//! The HTTP server's end of the objects.

use super::Store;
use crate::objects::OpenObject;
use service::model::UnixMs;
use service::url_signature::UrlSignature;
use std::io;

impl Store {
    /// The object under `key`, opened; none for a text that is no key. Blocks.
    ///
    /// # Errors
    /// The disk did not answer.
    pub fn open_for_reading(&self, key: &str) -> io::Result<Option<OpenObject>> {
        self.objects.open_for_reading(key)
    }

    /// Until when a URL of this store with this query holds for `path`, Unix time, s. None: it is not
    /// signed like this, or past its time.
    #[must_use]
    pub fn verify_query(&self, path: &str, query: &str, now_ms: UnixMs) -> Option<i64> {
        let signature = UrlSignature::read(query).ok().flatten()?;
        let holds = !signature.is_over(now_ms) && self.objects.links.verify(path, &signature);
        holds.then_some(signature.expires_s)
    }
}
