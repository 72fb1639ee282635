//! URLs of objects: for ever, or signed until a moment.

use service::model::UnixMs;
use service::url_signature::{UrlKey, UrlKeys, UrlSignature, expires_s, scope_of};

/// Makes and checks the URLs of one store.
pub(crate) struct ObjectLinks {
    /// No `/` at its end.
    base: String,
    keys: UrlKeys,
}

impl ObjectLinks {
    /// Signed with the last of `given`, else with the store's own `secret`. URLs that the store's own
    /// secret has signed hold in either case.
    pub(crate) fn new(base: &str, secret: [u8; 32], given: Vec<UrlKey>) -> Self {
        let mut keys = vec![UrlKey::of_store(&secret)];
        keys.extend(given);
        Self {
            base: base.trim_end_matches('/').to_owned(),
            keys: UrlKeys::new(keys),
        }
    }

    pub(crate) fn public(&self, key: &str) -> String {
        format!("{}/{key}", self.base)
    }

    /// Good until the first whole second that is not before `expires_ms`.
    pub(crate) fn signed(&self, key: &str, expires_ms: UnixMs) -> String {
        let query = self.keys.sign(&scope_of(key), expires_s(expires_ms));
        format!("{}?{}", self.public(key), query.unwrap_or_default())
    }

    /// Whether one of the keys signed `scope` like this, whatever the time.
    pub(crate) fn verify(&self, scope: &str, signature: &UrlSignature) -> bool {
        self.keys.verify(scope, signature)
    }
}
