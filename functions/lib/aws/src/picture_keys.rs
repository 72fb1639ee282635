//! The keys that sign URLs of pictures: those of the secret with the access keys, and one that the
//! deployment made by itself.

use crate::keys::SecretKeys;
use crate::table::{Item, ItemKey, Table, bad, text};
use aws_sdk_dynamodb::types::AttributeValue;
use service::ports::PortResult;
use service::url_signature::{UrlKey, UrlKeys, UrlSignature};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// A key that was taken away signs and verifies nothing after this.
const STALE: Duration = Duration::from_secs(300);

/// Bytes of the key that is made here.
const BYTES: usize = 32;

/// The keys of one deployment.
pub(crate) struct PictureKeys {
    /// None: this function may not read it.
    secret: Option<Arc<SecretKeys>>,
    table: Table,
    /// The key of the table, and since when it is known. That there is none is not kept: another
    /// function may make it at any time, and give out URLs.
    kept: Mutex<Option<(UrlKey, Instant)>>,
}

impl PictureKeys {
    pub(crate) fn new(secret: Option<Arc<SecretKeys>>, table: Table) -> Self {
        Self {
            secret,
            table,
            kept: Mutex::default(),
        }
    }

    /// What signs: the last key of the secret, or else that of the table, which the first one to need
    /// it makes.
    pub(crate) async fn signing(&self) -> PortResult<UrlKeys> {
        let keys = self.of_secret(None).await?;
        match keys.is_empty() {
            false => Ok(UrlKeys::new(keys)),
            true => Ok(UrlKeys::new(vec![self.of_table_or_new().await?])),
        }
    }

    /// Whether one of the keys signed `scope` like this. The key of the table goes on verifying beside
    /// those of a secret.
    pub(crate) async fn verify(&self, scope: &str, signature: &UrlSignature) -> PortResult<bool> {
        let keys = match signature.key_id.as_str() {
            "" => self.of_table().await?.into_iter().collect(),
            id => self.of_secret(Some(id)).await?,
        };
        Ok(UrlKeys::new(keys).verify(scope, signature))
    }

    async fn of_secret(&self, wanted: Option<&str>) -> PortResult<Vec<UrlKey>> {
        match &self.secret {
            Some(secret) => secret.picture_keys(wanted).await,
            None => Ok(Vec::new()),
        }
    }

    async fn of_table(&self) -> PortResult<Option<UrlKey>> {
        // Held while the table is read: all who came meanwhile wait for the same answer.
        let mut kept = self.kept.lock().await;
        if let Some((key, since)) = &*kept
            && since.elapsed() < STALE
        {
            return Ok(Some(key.clone()));
        }
        let item = self.table.get(ItemKey::picture_key()).await?;
        let key = item.map(|item| self.read(&item)).transpose()?;
        *kept = key.clone().map(|key| (key, Instant::now()));
        Ok(key)
    }

    /// Of two that make it at once, one does.
    async fn of_table_or_new(&self) -> PortResult<UrlKey> {
        if let Some(key) = self.of_table().await? {
            return Ok(key);
        }
        let mut secret = [0; BYTES];
        getrandom::fill(&mut secret).map_err(|cause| self.table.unavailable(cause.to_string()))?;
        let mut item = ItemKey::picture_key().item();
        let text = AttributeValue::S(hex::encode(secret));
        item.insert("secret".to_owned(), text);
        let key = match self.table.create(item).await? {
            Some(earlier) => self.read(&earlier)?,
            None => UrlKey::of_store(&secret),
        };
        *self.kept.lock().await = Some((key.clone(), Instant::now()));
        Ok(key)
    }

    fn read(&self, item: &Item) -> PortResult<UrlKey> {
        let read = || {
            let bytes = hex::decode(text(item, "secret")?).ok();
            let bytes = bytes.filter(|bytes| bytes.len() == BYTES);
            bytes.ok_or_else(|| bad("secret"))
        };
        let bytes = read().map_err(|cause| self.table.corrupt(cause))?;
        Ok(UrlKey::of_store(&bytes))
    }
}
