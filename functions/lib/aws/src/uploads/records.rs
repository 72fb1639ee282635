//! [`Uploads`] on the table.

use crate::table::{
    BadItem, Item, ItemChange, ItemKey, ItemWrite, Table, TransactionOutcome, bad, flag, json,
    optional_number, put_json, put_number, text,
};
use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use contract::url_key;
use service::model::{JobId, Upload, UploadEnd, UploadState, UploadTrials};
use service::ports::{Clock, PortResult, SystemClock, Uploads};

const DAY_S: i64 = 24 * 60 * 60;

pub(crate) struct UploadItems(pub(crate) Table);

#[async_trait]
impl Uploads for UploadItems {
    async fn create(&self, upload: &Upload) -> PortResult<()> {
        let mut item = ItemKey::upload(&upload.id).item();
        item.insert("doc".to_owned(), put_json(upload));
        let mut writes = vec![ItemWrite::Create(item)];
        writes.extend(pointers(upload).map(ItemWrite::Put));
        match self.0.transact(&writes).await? {
            TransactionOutcome::Done => Ok(()),
            TransactionOutcome::Refused(_) => {
                Err(self.0.refused("the id of this upload is in use"))
            }
        }
    }

    async fn get(&self, id: &JobId) -> PortResult<Option<Upload>> {
        let item = self.0.get(ItemKey::upload(id)).await?;
        let read = item.map(|item| kept(&item)).transpose();
        Ok(read.map_err(|cause| self.0.corrupt(cause))?.flatten())
    }

    async fn by_url(&self, source_url: &str) -> PortResult<Option<Upload>> {
        let mut newest = None;
        for spelling in spellings(source_url) {
            let found = self.newest(&spelling).await?;
            newest = [newest, found].into_iter().flatten().max_by_key(age);
        }
        Ok(newest)
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
        let Some(upload) = self.get(id).await? else {
            return Ok(());
        };
        if upload.events_published {
            return Ok(());
        }
        let (yes, expires) = (AttributeValue::Bool(true), expires());
        let record = ItemChange::new(
            "SET published = :yes, expires = :expires",
            "attribute_exists(pk)",
            [(":yes", yes), (":expires", expires.clone())],
        );
        let mut writes = vec![ItemWrite::Update(ItemKey::upload(id), record)];
        for mut pointer in pointers(&upload) {
            pointer.insert("expires".to_owned(), expires.clone());
            writes.push(ItemWrite::Put(pointer));
        }
        // Refused: it is gone.
        self.0.transact(&writes).await.map(drop)
    }
}

impl UploadItems {
    /// The newest upload to which this spelling of its URL leads.
    async fn newest(&self, spelling: &str) -> PortResult<Option<Upload>> {
        let newest = self.0.query(&ItemKey::uploads(spelling), true, 1).await?;
        let Some(pointer) = newest.first() else {
            return Ok(None);
        };
        let id = text(pointer, "id").map_err(|cause| self.0.corrupt(cause))?;
        self.get(&id.into()).await
    }

    async fn mark(&self, id: &JobId, set: &'static str) -> PortResult<()> {
        let yes = AttributeValue::Bool(true);
        let change = ItemChange::new(set, "attribute_exists(pk)", [(":yes", yes)]);
        self.0.update(ItemKey::upload(id), change).await.map(drop)
    }
}

fn age(upload: &Upload) -> (i64, String) {
    (upload.created_ms, upload.id.to_string())
}

/// What leads to an upload from its URL: from the spelling of its call, as in earlier releases, and
/// from what all spellings have in common.
fn pointers(upload: &Upload) -> impl Iterator<Item = Item> {
    spellings(&upload.source_url).map(|spelling| {
        let mut pointer = ItemKey::upload_of_url(upload, &spelling).item();
        let id = AttributeValue::S(upload.id.to_string());
        pointer.insert("id".to_owned(), id);
        pointer
    })
}

fn spellings(source_url: &str) -> impl Iterator<Item = String> {
    let key = url_key::of(source_url);
    let common = (key != source_url).then_some(key);
    [Some(source_url.to_owned()), common].into_iter().flatten()
}

fn expires() -> AttributeValue {
    let now_s = SystemClock.now_ms().div_euclid(1000);
    // From when its events were published.
    put_number(now_s.saturating_add(i64::from(Upload::KEPT_DAYS) * DAY_S))
}

/// DynamoDB removes what has expired within days.
fn kept(item: &Item) -> Result<Option<Upload>, BadItem> {
    let now_s = SystemClock.now_ms().div_euclid(1000);
    let expires_s = optional_number(item, "expires")?;
    match expires_s.is_some_and(|expires_s| expires_s <= now_s) {
        true => Ok(None),
        false => upload(item).map(Some),
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
