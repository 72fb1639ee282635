use super::MemoryStore;
use crate::model::UnixMs;
use crate::picture_access::PictureAccess;
use crate::ports::{KeyPage, Objects, PortError, PortResult, is_object_key};
use crate::url_signature::{UrlKey, UrlKeys, UrlSignature, expires_s, scope_of};
use async_trait::async_trait;
use bytes::Bytes;

/// Few, so that whoever lists has to ask for a second page.
const PAGE: usize = 3;

const BASE: &str = "http://memory.test";

#[async_trait]
impl Objects for MemoryStore {
    async fn put(&self, key: &str, _content_type: &'static str, body: Bytes) -> PortResult<()> {
        let key = checked(key)?.to_owned();
        self.lock().objects.insert(key, body);
        Ok(())
    }

    async fn get(&self, key: &str) -> PortResult<Option<Bytes>> {
        Ok(self.lock().objects.get(checked(key)?).cloned())
    }

    async fn size(&self, key: &str) -> PortResult<Option<u64>> {
        let tables = self.lock();
        let object = tables.objects.get(checked(key)?);
        Ok(object.map(|object| object.len() as u64))
    }

    async fn delete(&self, key: &str) -> PortResult<()> {
        self.lock().objects.remove(checked(key)?);
        Ok(())
    }

    async fn delete_all(&self, keys: &[String]) -> PortResult<()> {
        for key in keys {
            self.delete(key).await?;
        }
        Ok(())
    }

    async fn list(&self, prefix: &str, after: Option<&str>) -> PortResult<KeyPage> {
        checked(prefix.trim_end_matches('/'))?;
        let tables = self.lock();
        let keys = tables.objects.keys().filter(|key| key.starts_with(prefix));
        let mut keys = keys.filter(|key| after.is_none_or(|after| key.as_str() > after));
        let page = keys.by_ref().take(PAGE).cloned().collect();
        Ok(KeyPage {
            keys: page,
            has_more: keys.next().is_some(),
        })
    }

    fn public_url(&self, key: &str) -> String {
        format!("{BASE}/{key}")
    }

    async fn signed_url(&self, key: &str, expires_ms: UnixMs) -> PortResult<String> {
        let query = keys().sign(&scope_of(key), expires_s(expires_ms));
        let query = query.unwrap_or_default();
        Ok(format!("{}?{query}", self.public_url(key)))
    }

    async fn verify(&self, scope: &str, signature: &UrlSignature) -> PortResult<bool> {
        Ok(keys().verify(scope, signature))
    }

    fn access(&self) -> PictureAccess {
        self.lock().access
    }
}

fn keys() -> UrlKeys {
    UrlKeys::new(vec![UrlKey::of_store(b"of every store in memory")])
}

fn checked(key: &str) -> PortResult<&str> {
    let error = || PortError::refused("objects", "not an object key");
    is_object_key(key).then_some(key).ok_or_else(error)
}
