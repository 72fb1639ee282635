//! Reads, all strongly consistent.

use super::{BUSY, Item, ItemKey, Table};
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use service::ports::PortResult;

/// Keys of one batch, as DynamoDB takes them.
const BATCH: usize = 100;

/// Rounds for what a batch left out, before the port is down.
const ROUNDS: u32 = 6;

impl Table {
    pub(crate) async fn get(&self, key: ItemKey) -> PortResult<Option<Item>> {
        let got = self
            .client
            .get_item()
            .table_name(&self.name)
            .set_key(Some(key.item()))
            .consistent_read(true)
            .send()
            .await;
        Ok(got.map_err(|cause| self.call_failed(cause))?.item)
    }

    /// At most `limit` items of the partition of `prefix` whose sort keys begin with its.
    pub(crate) async fn query(
        &self,
        prefix: &ItemKey,
        newest_first: bool,
        limit: usize,
    ) -> PortResult<Vec<Item>> {
        let mut found = Vec::new();
        let mut from = None;
        while found.len() < limit {
            let page = self
                .client
                .query()
                .table_name(&self.name)
                .key_condition_expression("pk = :pk AND begins_with(sk, :sk)")
                .expression_attribute_values(":pk", AttributeValue::S(prefix.pk.clone()))
                .expression_attribute_values(":sk", AttributeValue::S(prefix.sk.clone()))
                .consistent_read(true)
                .scan_index_forward(!newest_first)
                .limit(i32::try_from(limit - found.len()).unwrap_or(i32::MAX))
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(|cause| self.call_failed(cause))?;
            found.extend(page.items.unwrap_or_default());
            from = page.last_evaluated_key;
            if from.is_none() {
                break;
            }
        }
        Ok(found)
    }

    /// A page of the items of a partition between two keys, both included, that come after `after`;
    /// with it the key to go on after, if there may be more.
    pub(crate) async fn between(
        &self,
        (first, last): (&ItemKey, &ItemKey),
        newest_first: bool,
        after: Option<Item>,
    ) -> PortResult<(Vec<Item>, Option<Item>)> {
        let page = self
            .client
            .query()
            .table_name(&self.name)
            .key_condition_expression("pk = :pk AND sk BETWEEN :first AND :last")
            .expression_attribute_values(":pk", AttributeValue::S(first.pk.clone()))
            .expression_attribute_values(":first", AttributeValue::S(first.sk.clone()))
            .expression_attribute_values(":last", AttributeValue::S(last.sk.clone()))
            .consistent_read(true)
            .scan_index_forward(!newest_first)
            .set_exclusive_start_key(after)
            .send()
            .await
            .map_err(|cause| self.call_failed(cause))?;
        Ok((page.items.unwrap_or_default(), page.last_evaluated_key))
    }

    /// The items with these keys, in any order.
    pub(crate) async fn get_all(&self, keys: &[ItemKey]) -> PortResult<Vec<Item>> {
        let mut found = Vec::new();
        for batch in keys.chunks(BATCH) {
            self.get_batch(batch, &mut found).await?;
        }
        Ok(found)
    }

    async fn get_batch(&self, keys: &[ItemKey], found: &mut Vec<Item>) -> PortResult<()> {
        let mut left: Vec<Item> = keys.iter().cloned().map(ItemKey::item).collect();
        for pause in BUSY.pauses(ROUNDS) {
            let wanted = KeysAndAttributes::builder()
                .consistent_read(true)
                .set_keys(Some(left))
                .build()
                .map_err(|cause| self.refused(cause))?;
            let got = self
                .client
                .batch_get_item()
                .request_items(&self.name, wanted)
                .send()
                .await
                .map_err(|cause| self.call_failed(cause))?;
            let responses = got.responses.unwrap_or_default();
            found.extend(responses.into_values().flatten());
            let unprocessed = got.unprocessed_keys.unwrap_or_default();
            left = unprocessed
                .into_values()
                .flat_map(|keys| keys.keys)
                .collect();
            if left.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(pause).await;
        }
        Err(self.unavailable("the table is too busy to read a batch"))
    }
}
