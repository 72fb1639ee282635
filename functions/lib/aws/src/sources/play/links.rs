//! URLs of the API at which files are played: signed for one path, until one second.

use crate::api_name::ApiName;
use crate::table::{ItemKey, Table, bad, text};
use aws_sdk_dynamodb::types::AttributeValue;
use hmac::{Hmac, KeyInit, Mac};
use service::model::{UnixMs, Video};
use service::play_path::play_path;
use service::ports::PortResult;
use sha2::Sha256;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// Makes the URLs, and tells its own from others.
pub(crate) struct PlayLinks {
    /// Holds the key, which the first one to need it makes.
    table: Table,
    key: OnceCell<[u8; 64]>,
    api: Arc<ApiName>,
}

impl PlayLinks {
    pub(crate) fn new(table: Table, api: Arc<ApiName>) -> Self {
        Self {
            table,
            key: OnceCell::new(),
            api,
        }
    }

    /// The path at which the file of `video` is played.
    pub(crate) fn path_of(video: &Video) -> String {
        let url = video.file_url.split(['?', '#']).next().unwrap_or_default();
        let name = url.rsplit('/').next().unwrap_or_default();
        play_path(&video.id, name)
    }

    /// Good until the first whole second that is not before `expires_ms`. None where nobody knows
    /// the address of the API.
    pub(crate) async fn signed(
        &self,
        video: &Video,
        expires_ms: UnixMs,
    ) -> PortResult<Option<String>> {
        let Some(host) = self.api.called() else {
            return Ok(None);
        };
        let path = Self::path_of(video);
        let expires_s = expires_ms.saturating_add(999).div_euclid(1000);
        let mac = self.mac(&path, expires_s).await?.finalize().into_bytes();
        let signature = hex::encode(mac);
        Ok(Some(format!(
            "https://{host}/{path}?Expires={expires_s}&Signature={signature}"
        )))
    }

    /// The second until which a URL with this path and query holds; none: it is not ours, or past
    /// its time. Takes the same time for every wrong signature.
    pub(crate) async fn verify(
        &self,
        path: &str,
        query: &str,
        now_ms: UnixMs,
    ) -> PortResult<Option<i64>> {
        let value = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            pairs.find(|(found, _)| *found == name).map(|(_, v)| v)
        };
        let expires_s = value("Expires").and_then(|text| text.parse::<i64>().ok());
        let signature = value("Signature").and_then(|text| hex::decode(text).ok());
        let (Some(expires_s), Some(signature)) = (expires_s, signature) else {
            return Ok(None);
        };
        let mac = self.mac(path, expires_s).await?;
        let is_ours = mac.verify_slice(&signature).is_ok();
        let in_time = now_ms < expires_s.saturating_mul(1000);
        Ok((is_ours && in_time).then_some(expires_s))
    }

    async fn mac(&self, path: &str, expires_s: i64) -> PortResult<Hmac<Sha256>> {
        let key = self.key.get_or_try_init(|| self.kept_key()).await?;
        let mut mac = Hmac::<Sha256>::new(&(*key).into());
        mac.update(format!("{expires_s}\n{path}").as_bytes());
        Ok(mac)
    }

    /// The key of the deployment. Of two that make it at once, one does.
    async fn kept_key(&self) -> PortResult<[u8; 64]> {
        if let Some(item) = self.table.get(ItemKey::play_key()).await? {
            return self.read(&item);
        }
        let mut key = [0; 64];
        getrandom::fill(&mut key).map_err(|cause| self.table.unavailable(cause.to_string()))?;
        let mut item = ItemKey::play_key().item();
        let text = AttributeValue::S(hex::encode(key));
        item.insert("secret".to_owned(), text);
        match self.table.create(item).await? {
            Some(earlier) => self.read(&earlier),
            None => Ok(key),
        }
    }

    fn read(&self, item: &crate::table::Item) -> PortResult<[u8; 64]> {
        let read = || {
            let bytes = hex::decode(text(item, "secret")?).ok();
            let key = bytes.and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
            key.ok_or_else(|| bad("secret"))
        };
        read().map_err(|cause| self.table.corrupt(cause))
    }
}
