//! Conditional writes, alone or in a transaction.

use super::{BUSY, Item, ItemKey, Table};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    AttributeValue, Delete, Put, ReturnValue, TransactWriteItem, Update,
};
use service::ports::PortResult;
use std::collections::HashMap;

/// Tries of a transaction that met another one.
const TRIES: u32 = 6;

/// One write, and what must hold for it.
#[derive(Debug, Clone)]
pub(crate) enum ItemWrite {
    /// Whatever was there.
    Put(Item),
    /// Only where nothing is.
    Create(Item),
    /// An expression over an item, and the condition.
    Update(ItemKey, ItemChange),
    /// Whatever is there.
    Delete(ItemKey),
    /// Only where something is.
    Remove(ItemKey),
    /// Only where the condition holds; nothing is set.
    RemoveIf(ItemKey, ItemChange),
}

/// A change of one item.
#[derive(Debug, Clone)]
pub(crate) struct ItemChange {
    set: &'static str,
    condition: &'static str,
    values: HashMap<String, AttributeValue>,
}

/// What became of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TransactionOutcome {
    /// All of it.
    Done,
    /// None of it: for each write, whether its condition did not hold.
    Refused(Vec<bool>),
}

impl ItemChange {
    pub(crate) fn new<const N: usize>(
        set: &'static str,
        condition: &'static str,
        values: [(&str, AttributeValue); N],
    ) -> Self {
        let values = values.map(|(name, value)| (name.to_owned(), value));
        Self {
            set,
            condition,
            values: values.into(),
        }
    }
}

const NEW: &str = "attribute_not_exists(pk)";
const THERE: &str = "attribute_exists(pk)";

impl Table {
    pub(crate) async fn put(&self, item: Item) -> PortResult<()> {
        let put = self.client.put_item().table_name(&self.name);
        let sent = put.set_item(Some(item)).send().await;
        sent.map(drop).map_err(|cause| self.call_failed(cause))
    }

    /// Whether the item is there from now on and was not before: none, or the item in its place.
    pub(crate) async fn create(&self, item: Item) -> PortResult<Option<Item>> {
        use aws_sdk_dynamodb::operation::put_item::PutItemError::ConditionalCheckFailedException;
        use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure::AllOld;
        let sent = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item))
            .condition_expression(NEW)
            .return_values_on_condition_check_failure(AllOld)
            .send()
            .await;
        let Err(error) = sent else { return Ok(None) };
        if let Some(ConditionalCheckFailedException(held)) = error.as_service_error() {
            return Ok(Some(held.item.clone().unwrap_or_default()));
        }
        Err(self.call_failed(error))
    }

    pub(crate) async fn delete(&self, key: ItemKey) -> PortResult<()> {
        let delete = self.client.delete_item().table_name(&self.name);
        let sent = delete.set_key(Some(key.item())).send().await;
        sent.map(drop).map_err(|cause| self.call_failed(cause))
    }

    /// Whether the condition held.
    pub(crate) async fn update(&self, key: ItemKey, change: ItemChange) -> PortResult<bool> {
        Ok(self.change(key, change, ReturnValue::None).await?.is_some())
    }

    /// The item as it was before; none where the condition did not hold.
    pub(crate) async fn exchange(
        &self,
        key: ItemKey,
        change: ItemChange,
    ) -> PortResult<Option<Item>> {
        self.change(key, change, ReturnValue::AllOld).await
    }

    async fn change(
        &self,
        key: ItemKey,
        change: ItemChange,
        returned: ReturnValue,
    ) -> PortResult<Option<Item>> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(key.item()))
            .update_expression(change.set)
            .condition_expression(change.condition)
            .set_expression_attribute_values(Some(change.values))
            .return_values(returned)
            .send()
            .await;
        let error = match sent {
            Ok(updated) => return Ok(Some(updated.attributes.unwrap_or_default())),
            Err(error) => error,
        };
        let refused = error
            .as_service_error()
            .is_some_and(|error| error.is_conditional_check_failed_exception());
        if refused {
            Ok(None)
        } else {
            Err(self.call_failed(error))
        }
    }

    /// Adds one to `attribute` of an item, made if it is not there, that is forgotten after
    /// `expires_s`. Gives the sum.
    pub(crate) async fn count(&self, key: ItemKey, expires_s: i64) -> PortResult<i64> {
        let sent = self
            .client
            .update_item()
            .table_name(&self.name)
            .set_key(Some(key.item()))
            .update_expression("ADD calls :one SET expires = :expires")
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .expression_attribute_values(":expires", AttributeValue::N(expires_s.to_string()))
            .return_values(ReturnValue::UpdatedNew)
            .send()
            .await;
        let updated = sent.map_err(|cause| self.call_failed(cause))?;
        let attributes = updated.attributes.unwrap_or_default();
        super::number(&attributes, "calls").map_err(|cause| self.corrupt(cause))
    }

    /// All of `writes`, or none. A transaction that is sent again because its answer got lost
    /// happens once: the client's token says that it is the same.
    pub(crate) async fn transact(&self, writes: &[ItemWrite]) -> PortResult<TransactionOutcome> {
        let items = writes.iter().map(|write| self.part(write));
        let items: Vec<_> = items.collect::<PortResult<_>>()?;
        for pause in BUSY.pauses(TRIES) {
            let transaction = self.client.transact_write_items();
            let sent = transaction
                .set_transact_items(Some(items.clone()))
                .send()
                .await;
            let Err(error) = sent else {
                return Ok(TransactionOutcome::Done);
            };
            match verdict(&error) {
                Verdict::Refused(which) => return Ok(TransactionOutcome::Refused(which)),
                Verdict::Collided => {
                    tokio::time::sleep(pause).await;
                }
                Verdict::Failed => return Err(self.call_failed(error)),
            }
        }
        Err(self.unavailable("concurrent writes of the same items did not end"))
    }

    fn part(&self, write: &ItemWrite) -> PortResult<TransactWriteItem> {
        let part = TransactWriteItem::builder();
        let part = match write {
            ItemWrite::Put(item) => part.put(self.wrap(self.putting(item).build())?),
            ItemWrite::Create(item) => {
                part.put(self.wrap(self.putting(item).condition_expression(NEW).build())?)
            }
            ItemWrite::Update(key, change) => {
                let update = Update::builder()
                    .table_name(&self.name)
                    .set_key(Some(key.clone().item()))
                    .update_expression(change.set)
                    .condition_expression(change.condition)
                    .set_expression_attribute_values(Some(change.values.clone()));
                part.update(self.wrap(update.build())?)
            }
            ItemWrite::Delete(key) => part.delete(self.wrap(self.deleting(key).build())?),
            ItemWrite::Remove(key) => {
                let delete = self.deleting(key).condition_expression(THERE);
                part.delete(self.wrap(delete.build())?)
            }
            ItemWrite::RemoveIf(key, change) => {
                let delete = self
                    .deleting(key)
                    .condition_expression(change.condition)
                    .set_expression_attribute_values(Some(change.values.clone()));
                part.delete(self.wrap(delete.build())?)
            }
        };
        Ok(part.build())
    }

    fn putting(&self, item: &Item) -> aws_sdk_dynamodb::types::builders::PutBuilder {
        let put = Put::builder().table_name(&self.name);
        put.set_item(Some(item.clone()))
    }

    fn deleting(&self, key: &ItemKey) -> aws_sdk_dynamodb::types::builders::DeleteBuilder {
        let delete = Delete::builder().table_name(&self.name);
        delete.set_key(Some(key.clone().item()))
    }

    fn wrap<T>(
        &self,
        built: Result<T, impl std::error::Error + Send + Sync + 'static>,
    ) -> PortResult<T> {
        built.map_err(|cause| self.refused(cause))
    }
}

enum Verdict {
    /// Conditions did not hold, of these writes.
    Refused(Vec<bool>),
    /// Another transaction was at the same items, or the table is too busy.
    Collided,
    /// It can't be said.
    Failed,
}

fn verdict<R>(error: &SdkError<TransactWriteItemsError, R>) -> Verdict {
    let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) =
        error.as_service_error()
    else {
        return Verdict::Failed;
    };
    let reasons = cancelled.cancellation_reasons();
    let codes = || {
        reasons
            .iter()
            .map(|reason| reason.code().unwrap_or_default())
    };
    let refused: Vec<_> = codes()
        .map(|code| code == "ConditionalCheckFailed")
        .collect();
    let busy = [
        "TransactionConflict",
        "ThrottlingError",
        "ProvisionedThroughputExceeded",
    ];
    if refused.contains(&true) {
        Verdict::Refused(refused)
    } else if codes().any(|code| busy.contains(&code)) {
        Verdict::Collided
    } else {
        Verdict::Failed
    }
}
