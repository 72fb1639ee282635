//! [`Videos`] on the table.

use crate::sources::file_urls;
use crate::table::{
    BadItem, Item, ItemChange, ItemKey, ItemWrite, Table, TransactionOutcome, bad, json, number,
    optional_number, put_json, text,
};
use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use service::model::{UnixMs, Video, VideoId, VideoInfo};
use service::ports::{PortResult, Registration, Videos};

pub(crate) struct VideoItems(pub(crate) Table);

#[async_trait]
impl Videos for VideoItems {
    async fn register(&self, video: Video) -> PortResult<Registration> {
        if let Some(known) = self.find_file(&video).await? {
            return self.complete(known, video).await;
        }
        // Mostly it is new; that another call was first is found by the write itself.
        let refused = match self.0.transact(&writes(&video)).await? {
            TransactionOutcome::Done => return Ok(Registration::New(video)),
            TransactionOutcome::Refused(refused) => refused,
        };
        let known = refused.get(1).copied().unwrap_or_default();
        if !known {
            return Ok(Registration::ReferenceTaken);
        }
        let first = self.named(place_key(&video)).await?;
        let first = first.ok_or_else(|| self.0.corrupt("a FileURL leads to no video"))?;
        self.complete(first, video).await
    }

    async fn by_id(&self, id: &VideoId) -> PortResult<Option<Video>> {
        let item = self.0.get(ItemKey::video(id)).await?;
        item.map(|item| self.read(&item)).transpose()
    }

    async fn by_reference(&self, reference_id: &str) -> PortResult<Option<Video>> {
        self.named(ItemKey::reference(reference_id)).await
    }

    async fn record_replaced(
        &self,
        id: &VideoId,
        size_bytes: u64,
        now_ms: UnixMs,
    ) -> PortResult<()> {
        let change = ItemChange::new(
            "SET size_bytes = :size, modified_ms = :now REMOVE facts",
            "attribute_exists(pk)",
            [
                (":size", AttributeValue::N(size_bytes.to_string())),
                (":now", AttributeValue::N(now_ms.to_string())),
            ],
        );
        self.0.update(ItemKey::video(id), change).await.map(drop)
    }

    async fn record_facts(
        &self,
        id: &VideoId,
        facts: &VideoInfo,
        now_ms: UnixMs,
    ) -> PortResult<()> {
        let change = ItemChange::new(
            "SET facts = :facts, size_bytes = :size, modified_ms = :now",
            "attribute_exists(pk)",
            [
                (":facts", put_json(facts)),
                (":size", AttributeValue::N(facts.size_bytes.to_string())),
                (":now", AttributeValue::N(now_ms.to_string())),
            ],
        );
        self.0.update(ItemKey::video(id), change).await.map(drop)
    }
}

impl VideoItems {
    /// The video of the file at the place of `video`; else the one whose URL leads there, of before
    /// places were kept. From then on its place leads to it, too.
    async fn find_file(&self, video: &Video) -> PortResult<Option<Video>> {
        let place = place_key(video);
        if let Some(known) = self.named(place.clone()).await? {
            return Ok(Some(known));
        }
        let spelt = video.place.as_deref();
        let spelt = spelt.map(|place| file_urls(place, self.0.region()));
        let urls = std::iter::once(&video.file_url).chain(spelt.iter().flatten());
        let keys = urls.map(|url| ItemKey::url(url));
        for key in keys.filter(|key| *key != place) {
            if let Some(known) = self.named(key).await? {
                self.0.create(pointer(place, &known.id)).await?;
                return Ok(Some(known));
            }
        }
        Ok(None)
    }

    /// Gives a known video the ReferenceId of `given` where it has none.
    async fn complete(&self, known: Video, given: Video) -> PortResult<Registration> {
        let Some(reference_id) = given.reference_id else {
            return Ok(Registration::Known(known));
        };
        let holder = self.by_reference(&reference_id).await?;
        if holder.is_some_and(|holder| holder.id != known.id) {
            return Ok(Registration::ReferenceTaken);
        }
        if known.reference_id.is_some() {
            return Ok(Registration::Known(known));
        }
        let change = ItemChange::new(
            "SET reference_id = :reference",
            "attribute_exists(pk) AND attribute_not_exists(reference_id)",
            [(":reference", AttributeValue::S(reference_id.clone()))],
        );
        let pointer = pointer(ItemKey::reference(&reference_id), &known.id);
        let writes = [
            ItemWrite::Update(ItemKey::video(&known.id), change),
            ItemWrite::Create(pointer),
        ];
        match self.0.transact(&writes).await? {
            TransactionOutcome::Done => Ok(Registration::Known(Video {
                reference_id: Some(reference_id),
                ..known
            })),
            // Another call gave it one, or this one to another video, since it was read.
            TransactionOutcome::Refused(refused) => match refused.first() {
                Some(true) => {
                    let now = self.by_id(&known.id).await?;
                    Ok(Registration::Known(now.unwrap_or(known)))
                }
                _ => Ok(Registration::ReferenceTaken),
            },
        }
    }

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
            let mut video: Video = json(item, "doc")?.ok_or_else(|| bad("doc"))?;
            video.facts = json(item, "facts")?;
            video.modified_ms = number(item, "modified_ms")?;
            if let Some(bytes) = optional_number(item, "size_bytes")? {
                video.size_bytes = u64::try_from(bytes).map_err(|_| bad("size_bytes"))?;
            }
            if item.contains_key("reference_id") {
                video.reference_id = Some(text(item, "reference_id")?.to_owned());
            }
            Ok(video)
        };
        read().map_err(|cause: BadItem| self.0.corrupt(cause))
    }
}

/// What leads to the video of a file.
fn place_key(video: &Video) -> ItemKey {
    ItemKey::url(video.place.as_ref().unwrap_or(&video.file_url))
}

/// The video, then its place, then its ReferenceId if it has one.
fn writes(video: &Video) -> Vec<ItemWrite> {
    let mut item = ItemKey::video(&video.id).item();
    item.insert("doc".to_owned(), put_json(video));
    let modified = AttributeValue::N(video.modified_ms.to_string());
    item.insert("modified_ms".to_owned(), modified);
    if let Some(facts) = &video.facts {
        item.insert("facts".to_owned(), put_json(facts));
    }
    let named = [
        Some(place_key(video)),
        video.reference_id.as_deref().map(ItemKey::reference),
    ];
    let pointers = named.into_iter().flatten();
    let pointers = pointers.map(|key| pointer(key, &video.id));
    std::iter::once(item)
        .chain(pointers)
        .map(ItemWrite::Create)
        .collect()
}

fn pointer(key: ItemKey, id: &VideoId) -> Item {
    let mut pointer = key.item();
    pointer.insert("id".to_owned(), AttributeValue::S(id.to_string()));
    pointer
}
