//! [`Videos`] on the table.

use crate::table::{
    Item, ItemChange, ItemKey, ItemWrite, Table, TransactionOutcome, json, number, put_json, text,
};
use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use service::model::{UnixMs, Video, VideoId, VideoInfo};
use service::ports::{PortResult, Registration, Videos};

pub(crate) struct VideoItems(pub(crate) Table);

#[async_trait]
impl Videos for VideoItems {
    async fn register(&self, video: Video) -> PortResult<Registration> {
        // Mostly it is new; that it is not is found by the write itself.
        let refused = match self.0.transact(&writes(&video)).await? {
            TransactionOutcome::Done => return Ok(Registration::New(video)),
            TransactionOutcome::Refused(refused) => refused,
        };
        let known = refused.get(1).copied().unwrap_or_default();
        if !known {
            return Ok(Registration::ReferenceTaken);
        }
        let first = self.named(ItemKey::url(&video.file_url)).await?;
        let first = first.ok_or_else(|| self.0.corrupt("a FileURL leads to no video"))?;
        Ok(Registration::Known(first))
    }

    async fn by_id(&self, id: &VideoId) -> PortResult<Option<Video>> {
        let item = self.0.get(ItemKey::video(id)).await?;
        item.map(|item| self.read(&item)).transpose()
    }

    async fn by_reference(&self, reference_id: &str) -> PortResult<Option<Video>> {
        self.named(ItemKey::reference(reference_id)).await
    }

    async fn record_facts(
        &self,
        id: &VideoId,
        facts: &VideoInfo,
        now_ms: UnixMs,
    ) -> PortResult<()> {
        let change = ItemChange::new(
            "SET facts = :facts, modified_ms = :now",
            "attribute_exists(pk)",
            [
                (":facts", put_json(facts)),
                (":now", AttributeValue::N(now_ms.to_string())),
            ],
        );
        self.0.update(ItemKey::video(id), change).await.map(drop)
    }
}

impl VideoItems {
    /// The video that the item at `key` names.
    async fn named(&self, key: ItemKey) -> PortResult<Option<Video>> {
        let Some(pointer) = self.0.get(key).await? else {
            return Ok(None);
        };
        let id = text(&pointer, "id").map_err(|cause| self.0.corrupt(cause))?;
        self.by_id(&id.into()).await
    }

    fn read(&self, item: &Item) -> PortResult<Video> {
        let read = || {
            let mut video: Video = json(item, "doc")?.ok_or_else(|| crate::table::bad("doc"))?;
            video.facts = json(item, "facts")?;
            video.modified_ms = number(item, "modified_ms")?;
            Ok(video)
        };
        read().map_err(|cause: crate::table::BadItem| self.0.corrupt(cause))
    }
}

/// The video, then its FileURL, then its ReferenceId if it has one.
fn writes(video: &Video) -> Vec<ItemWrite> {
    let mut item = ItemKey::video(&video.id).item();
    item.insert("doc".to_owned(), put_json(video));
    let modified = AttributeValue::N(video.modified_ms.to_string());
    item.insert("modified_ms".to_owned(), modified);
    if let Some(facts) = &video.facts {
        item.insert("facts".to_owned(), put_json(facts));
    }
    let named = [
        Some(ItemKey::url(&video.file_url)),
        video.reference_id.as_deref().map(ItemKey::reference),
    ];
    let pointers = named.into_iter().flatten().map(|key| {
        let mut pointer = key.item();
        pointer.insert("id".to_owned(), AttributeValue::S(video.id.to_string()));
        pointer
    });
    std::iter::once(item)
        .chain(pointers)
        .map(ItemWrite::Create)
        .collect()
}
