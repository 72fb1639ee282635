//! [`Keys`] from a secret of Secrets Manager: JSON, as [`KeyRing`] reads it.

use crate::call_error::CallError;
use async_trait::async_trait;
use aws_sdk_secretsmanager::Client;
use service::key_ring::KeyRing;
use service::ports::{AccessKey, Keys, PortError, PortResult};
use service::url_signature::UrlKey;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tracing::{info, warn};

const PORT: &str = "keys";

/// A key that was taken away is refused after this.
const STALE: Duration = Duration::from_secs(300);

/// Strangers with unknown keys make us look again no more often than this.
const PAUSE: Duration = Duration::from_secs(10);

/// The keys in a secret, kept in memory. Read again when they are old, or when a key is unknown:
/// a new one works within seconds.
pub struct SecretKeys {
    client: Client,
    id: String,
    /// Another id of a key, and the one in the secret: a generated secret can't be told a new id
    /// without being generated anew.
    alias: Option<(String, String)>,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    ring: Arc<KeyRing>,
    /// When the secret was read.
    read: Instant,
    /// When it was last asked for, with or without success.
    asked: Instant,
}

#[async_trait]
impl Keys for SecretKeys {
    async fn get(&self, id: &str) -> PortResult<Option<AccessKey>> {
        // Held while the secret is read: all who came meanwhile wait for the same answer.
        let mut kept = self.kept.lock().await;
        let known = kept.as_ref().and_then(|kept| self.find(&kept.ring, id));
        if is_due(kept.as_ref(), known.is_some(), Instant::now()) {
            self.renew(&mut kept).await?;
        }
        Ok(kept.as_ref().and_then(|kept| self.find(&kept.ring, id)))
    }
}

impl SecretKeys {
    /// The keys in the secret with this name or ARN.
    #[must_use]
    pub fn new(clients: &crate::clients::Clients, id: &str) -> Self {
        Self {
            client: clients.secrets.clone(),
            id: id.to_owned(),
            alias: None,
            kept: Mutex::default(),
        }
    }

    /// The keys that sign URLs of pictures, in order. One that is `wanted` and not there makes us look
    /// again.
    pub(crate) async fn picture_keys(&self, wanted: Option<&str>) -> PortResult<Vec<UrlKey>> {
        let mut kept = self.kept.lock().await;
        let has = |ring: &KeyRing, id: &str| ring.picture_keys().iter().any(|key| key.id() == id);
        let is_known = |id| kept.as_ref().is_some_and(|kept| has(&kept.ring, id));
        if is_due(kept.as_ref(), wanted.is_none_or(is_known), Instant::now()) {
            self.renew(&mut kept).await?;
        }
        let ring = kept.as_ref().map(|kept| kept.ring.picture_keys().to_vec());
        Ok(ring.unwrap_or_default())
    }

    /// The same, with one key known by another id as well: `(another, own)`.
    #[must_use]
    pub fn with_alias(self, alias: Option<(String, String)>) -> Self {
        Self { alias, ..self }
    }

    fn find(&self, ring: &KeyRing, id: &str) -> Option<AccessKey> {
        let alias = || {
            let (another, own) = self.alias.as_ref()?;
            (another == id).then(|| ring.find(own)).flatten()
        };
        ring.find(id).or_else(alias)
    }

    /// Keys that were good go on being good while the secret can't be read.
    async fn renew(&self, kept: &mut Option<Kept>) -> PortResult<()> {
        let now = Instant::now();
        match (self.read().await, kept.as_mut()) {
            (Ok(ring), _) => {
                info!("access keys read");
                *kept = Some(Kept {
                    ring: Arc::new(ring),
                    read: now,
                    asked: now,
                });
                Ok(())
            }
            (Err(error), Some(held)) => {
                warn!(%error, "the access keys can't be read; those known still hold");
                held.asked = now;
                Ok(())
            }
            (Err(error), None) => Err(error),
        }
    }

    async fn read(&self) -> PortResult<KeyRing> {
        let get = self.client.get_secret_value().secret_id(&self.id);
        let secret = get.send().await;
        let secret = secret.map_err(|cause| PortError::unavailable(PORT, CallError(cause)))?;
        let text = secret.secret_string();
        let text = text.ok_or_else(|| PortError::corrupt(PORT, "the secret is not text"))?;
        KeyRing::parse(text).map_err(|cause| PortError::corrupt(PORT, cause))
    }
}

/// Whether to read the secret before answering.
fn is_due(kept: Option<&Kept>, known: bool, now: Instant) -> bool {
    let Some(kept) = kept else { return true };
    let wants = !known || now.duration_since(kept.read) >= STALE;
    wants && now.duration_since(kept.asked) >= PAUSE
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn kept(read: Instant, asked: Instant) -> Kept {
        let ring = Arc::new(KeyRing::parse(r#"{"a": "s"}"#).unwrap());
        Kept { ring, read, asked }
    }

    #[test]
    fn an_unknown_key_makes_us_look_again_but_not_for_every_stranger() {
        let now = Instant::now();
        let fresh = kept(now, now);
        assert!(is_due(None, false, now));
        assert!(!is_due(Some(&fresh), false, now));
        assert!(!is_due(Some(&fresh), true, now + PAUSE));
        assert!(is_due(Some(&fresh), false, now + PAUSE));
        assert!(is_due(Some(&fresh), true, now + STALE));
        let in_vain = kept(now, now + STALE);
        assert!(!is_due(Some(&in_vain), true, now + STALE));
        assert!(is_due(Some(&in_vain), true, now + STALE + PAUSE));
    }
}
