//! [`Nonces`] on the table, forgotten by its time to live.

use crate::table::{ItemKey, Table, text};
use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use service::model::UnixMs;
use service::ports::{Nonces, PortResult};

pub(crate) struct NonceItems(pub(crate) Table);

#[async_trait]
impl Nonces for NonceItems {
    /// A write that is sent again because its answer got lost meets itself: its token tells it
    /// from another's use.
    async fn use_once(&self, key_id: &str, nonce: &str, expires_ms: UnixMs) -> PortResult<bool> {
        let token = contract::id::new();
        let expires_s = expires_ms.div_euclid(1000).saturating_add(1);
        let mut item = ItemKey::nonce(key_id, nonce).item();
        item.insert("token".to_owned(), AttributeValue::S(token.clone()));
        item.insert(
            "expires".to_owned(),
            AttributeValue::N(expires_s.to_string()),
        );
        let held = self.0.create(item).await?;
        Ok(held.is_none_or(|held| text(&held, "token").is_ok_and(|held| held == token)))
    }
}
