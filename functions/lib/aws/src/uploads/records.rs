//! [`Uploads`] on the table.

use crate::table::{
    BadItem, Item, ItemChange, ItemKey, ItemWrite, Table, TransactionOutcome, bad, flag, json,
    put_json, text,
};
use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use service::model::{JobId, Upload, UploadEnd, UploadState, UploadTrials};
use service::ports::{PortResult, Uploads};

pub(crate) struct UploadItems(pub(crate) Table);

#[async_trait]
impl Uploads for UploadItems {
    async fn create(&self, upload: &Upload) -> PortResult<()> {
        let mut item = ItemKey::upload(&upload.id).item();
        item.insert("doc".to_owned(), put_json(upload));
        let mut pointer = ItemKey::upload_of_url(upload).item();
        let id = AttributeValue::S(upload.id.to_string());
        pointer.insert("id".to_owned(), id);
        let writes = [ItemWrite::Create(item), ItemWrite::Put(pointer)];
        match self.0.transact(&writes).await? {
            TransactionOutcome::Done => Ok(()),
            TransactionOutcome::Refused(_) => {
                Err(self.0.refused("the id of this upload is in use"))
            }
        }
    }

    async fn get(&self, id: &JobId) -> PortResult<Option<Upload>> {
        let item = self.0.get(ItemKey::upload(id)).await?;
        let read = item.map(|item| upload(&item)).transpose();
        read.map_err(|cause| self.0.corrupt(cause))
    }

    async fn by_url(&self, source_url: &str) -> PortResult<Option<Upload>> {
        let newest = self.0.query(&ItemKey::uploads(source_url), true, 1).await?;
        let Some(pointer) = newest.first() else {
            return Ok(None);
        };
        let id = text(pointer, "id").map_err(|cause| self.0.corrupt(cause))?;
        self.get(&id.into()).await
    }

    async fn start(&self, id: &JobId) -> PortResult<()> {
        self.mark(id, "SET begun = :yes").await
    }

    async fn record_trials(&self, id: &JobId, trials: UploadTrials) -> PortResult<()> {
        let change = ItemChange::new(
            "SET trials = :trials",
            "attribute_exists(pk) AND attribute_not_exists(ending)",
            [(":trials", put_json(&trials))],
        );
        self.0.update(ItemKey::upload(id), change).await.map(drop)
    }

    async fn end(&self, id: &JobId, end: &UploadEnd) -> PortResult<UploadEnd> {
        let change = ItemChange::new(
            "SET ending = :ending",
            "attribute_exists(pk) AND attribute_not_exists(ending)",
            [(":ending", put_json(end))],
        );
        if self.0.update(ItemKey::upload(id), change).await? {
            return Ok(end.clone());
        }
        match self.get(id).await?.map(|upload| upload.state) {
            Some(UploadState::Ended(held)) => Ok(held),
            _ => Err(self.0.refused("the upload does not exist")),
        }
    }

    async fn record_published(&self, id: &JobId) -> PortResult<()> {
        self.mark(id, "SET published = :yes").await
    }
}

impl UploadItems {
    async fn mark(&self, id: &JobId, set: &'static str) -> PortResult<()> {
        let yes = AttributeValue::Bool(true);
        let change = ItemChange::new(set, "attribute_exists(pk)", [(":yes", yes)]);
        self.0.update(ItemKey::upload(id), change).await.map(drop)
    }
}

fn upload(item: &Item) -> Result<Upload, BadItem> {
    let mut upload: Upload = json(item, "doc")?.ok_or_else(|| bad("doc"))?;
    upload.trials = json(item, "trials")?.unwrap_or_default();
    upload.events_published = flag(item, "published");
    upload.state = match json(item, "ending")? {
        Some(end) => UploadState::Ended(end),
        None if flag(item, "begun") => UploadState::Processing,
        None => UploadState::Pending,
    };
    Ok(upload)
}
