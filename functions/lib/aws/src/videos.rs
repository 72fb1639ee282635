//! [`Videos`] on the table.

use crate::table::{Change, Item, Key, Table, Transacted, Write, json, number, put_json, text};
use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use service::model::{UnixMs, Video, VideoId, VideoInfo};
use service::ports::{PortResult, Registered, Videos};

pub(crate) struct VideoItems(pub(crate) Table);

#[async_trait]
impl Videos for VideoItems {
    async fn register(&self, video: Video) -> PortResult<Registered> {
        // Mostly it is new; that it is not is found by the write itself.
        let refused = match self.0.transact(&writes(&video)).await? {
            Transacted::Done => return Ok(Registered::New(video)),
            Transacted::Refused(refused) => refused,
        };
        let known = refused.get(1).copied().unwrap_or_default();
        if !known {
            return Ok(Registered::ReferenceTaken);
        }
        let first = self.named(Key::url(&video.file_url)).await?;
        let first = first.ok_or_else(|| self.0.corrupt("a FileURL leads to no video"))?;
        Ok(Registered::Known(first))
    }

    async fn by_id(&self, id: &VideoId) -> PortResult<Option<Video>> {
        let item = self.0.get(Key::video(id)).await?;
        item.map(|item| self.read(&item)).transpose()
    }

    async fn by_reference(&self, reference_id: &str) -> PortResult<Option<Video>> {
        self.named(Key::reference(reference_id)).await
    }

    async fn record_facts(
        &self,
        id: &VideoId,
        facts: &VideoInfo,
        now_ms: UnixMs,
    ) -> PortResult<()> {
        let change = Change::new(
            "SET facts = :facts, modified_ms = :now",
            "attribute_exists(pk)",
            [
                (":facts", put_json(facts)),
                (":now", AttributeValue::N(now_ms.to_string())),
            ],
        );
        self.0.update(Key::video(id), change).await.map(drop)
    }
}

impl VideoItems {
    /// The video that the item at `key` names.
    async fn named(&self, key: Key) -> PortResult<Option<Video>> {
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
fn writes(video: &Video) -> Vec<Write> {
    let mut item = Key::video(&video.id).item();
    item.insert("doc".to_owned(), put_json(video));
    let modified = AttributeValue::N(video.modified_ms.to_string());
    item.insert("modified_ms".to_owned(), modified);
    if let Some(facts) = &video.facts {
        item.insert("facts".to_owned(), put_json(facts));
    }
    let named = [
        Some(Key::url(&video.file_url)),
        video.reference_id.as_deref().map(Key::reference),
    ];
    let pointers = named.into_iter().flatten().map(|key| {
        let mut pointer = key.item();
        pointer.insert("id".to_owned(), AttributeValue::S(video.id.to_string()));
        pointer
    });
    std::iter::once(item)
        .chain(pointers)
        .map(Write::Create)
        .collect()
}
