//! [`Videos`] on the table.

mod list;

use crate::table::{
    BUSY, BadItem, Item, ItemChange, ItemKey, ItemWrite, Table, TransactionOutcome, flag, json,
    number, optional_number, put_json, put_number, text,
};
use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use list::entry;
use service::model::{
    Deletions, ImageType, ScrollToken, SnapshotType, UnixMs, Video, VideoChange, VideoId,
    VideoInfo, VideoPage,
};
use service::ports::{PortResult, Registration, VideoList, Videos};
use std::collections::HashMap;

pub(crate) struct VideoItems(pub(crate) Table);

#[async_trait]
impl Videos for VideoItems {
    async fn register(&self, video: Video) -> PortResult<Registration> {
        for _ in 0..TRIES {
            // Mostly it is new; that it is not is found by the write itself.
            let refused = match self.0.transact(&writes(&video)).await? {
                TransactionOutcome::Done => return Ok(Registration::New(video)),
                TransactionOutcome::Refused(refused) => refused,
            };
            let known = refused.get(1).copied().unwrap_or_default();
            if known && let Some(first) = self.named(ItemKey::url(&video.file_url)).await? {
                return Ok(Registration::Known(self.listed(first).await?));
            }
            if !self.remove_dangling(&pointers(&video)).await? {
                return match known {
                    true => Err(self.0.unavailable("a FileURL leads to no video")),
                    false => Ok(Registration::ReferenceTaken),
                };
            }
        }
        Err(self
            .0
            .unavailable("concurrent writes of a video did not end"))
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

    async fn change(
        &self,
        id: &VideoId,
        change: &VideoChange,
        now_ms: UnixMs,
    ) -> PortResult<Option<Video>> {
        for pause in BUSY.pauses(TRIES) {
            let Some(item) = self.0.get(ItemKey::video(id)).await? else {
                return Ok(None);
            };
            let video = self.read(&item)?.changed(change, now_ms);
            let writes = [changing(&item, &video), ItemWrite::Put(entry(&video))];
            if self.0.transact(&writes).await? == TransactionOutcome::Done {
                return Ok(Some(video));
            }
            tokio::time::sleep(pause).await;
        }
        Err(self
            .0
            .unavailable("concurrent changes of a video did not end"))
    }

    async fn record_deletion(
        &self,
        id: &VideoId,
        image_type: ImageType,
        until_ms: UnixMs,
    ) -> PortResult<()> {
        let (set, condition) = deletion_of(image_type);
        let change = ItemChange::new(set, condition, [(":until", put_number(until_ms))]);
        // Where the condition does not hold, one that reaches further is there, or no video.
        self.0.update(ItemKey::video(id), change).await.map(drop)
    }

    async fn delete(&self, id: &VideoId) -> PortResult<bool> {
        for pause in BUSY.pauses(TRIES) {
            let Some(item) = self.0.get(ItemKey::video(id)).await? else {
                return Ok(false);
            };
            let video = self.read(&item)?;
            // What leads to a video is there for as long as it is, as it was read.
            let unchanged = [(":doc", item.get("doc").cloned().unwrap_or_else(no_text))];
            let remove = ItemChange::new("", UNCHANGED, unchanged);
            let mut writes = vec![ItemWrite::RemoveIf(ItemKey::video(id), remove)];
            writes.extend(pointers(&video).into_iter().map(ItemWrite::Delete));
            writes.push(ItemWrite::Delete(ItemKey::listed_video(&video)));
            if self.0.transact(&writes).await? == TransactionOutcome::Done {
                return Ok(true);
            }
            tokio::time::sleep(pause).await;
        }
        Err(self
            .0
            .unavailable("concurrent changes of a video did not end"))
    }

    async fn list(&self, page: &VideoPage, after: Option<&ScrollToken>) -> PortResult<VideoList> {
        let found = list::page(&self.0, page, after).await?;
        Ok(VideoList {
            videos: self.those(&found.videos).await?,
            total: found.total,
            is_cut_short: found.is_cut_short,
        })
    }
}

/// Tries of a write that met another one of the same video.
const TRIES: u32 = 6;

/// Of a video that is there as it was read.
const UNCHANGED: &str = "doc = :doc";

impl VideoItems {
    /// The videos with these keys as they are now, in this order; one that was deleted meanwhile
    /// is left out.
    async fn those(&self, keys: &[ItemKey]) -> PortResult<Vec<Video>> {
        let items = self.0.get_all(keys).await?;
        let videos = items.iter().map(|item| self.read(item));
        let videos: Vec<_> = videos.collect::<PortResult<_>>()?;
        let mut by_key: HashMap<_, _> = videos
            .into_iter()
            .map(|video| (ItemKey::video(&video.id).pk, video))
            .collect();
        Ok(keys
            .iter()
            .filter_map(|key| by_key.remove(&key.pk))
            .collect())
    }

    /// Enters a video into the list that was registered before there was one.
    async fn listed(&self, video: Video) -> PortResult<Video> {
        let Some(item) = self.0.get(ItemKey::video(&video.id)).await? else {
            return Ok(video);
        };
        if !flag(&item, "listed") {
            let mark = ItemChange::new(
                "SET listed = :yes",
                "attribute_exists(pk)",
                [(":yes", AttributeValue::Bool(true))],
            );
            let mark = ItemWrite::Update(ItemKey::video(&video.id), mark);
            let writes = [mark, ItemWrite::Put(entry(&video))];
            self.0.transact(&writes).await?;
        }
        Ok(video)
    }

    /// Removes what leads to videos that are gone, as where one was given another name while it
    /// was deleted. Whether there was any.
    async fn remove_dangling(&self, keys: &[ItemKey]) -> PortResult<bool> {
        let mut removed = false;
        for key in keys {
            let Some(pointer) = self.0.get(key.clone()).await? else {
                continue;
            };
            let id = text(&pointer, "id").map_err(|cause| self.0.corrupt(cause))?;
            if self.by_id(&id.into()).await?.is_none() {
                let id = AttributeValue::S(id.to_owned());
                let remove = ItemChange::new("", "id = :id", [(":id", id)]);
                let remove = ItemWrite::RemoveIf(key.clone(), remove);
                self.0.transact(&[remove]).await?;
                removed = true;
            }
        }
        Ok(removed)
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
            let mut video: Video = json(item, "doc")?.ok_or_else(|| crate::table::bad("doc"))?;
            video.facts = json(item, "facts")?;
            video.deletions = deletions(item)?;
            video.modified_ms = number(item, "modified_ms")?;
            Ok(video)
        };
        read().map_err(|cause: crate::table::BadItem| self.0.corrupt(cause))
    }
}

/// The video, then its FileURL, then its ReferenceId if it has one, and its entry in the list.
fn writes(video: &Video) -> Vec<ItemWrite> {
    let mut item = ItemKey::video(&video.id).item();
    item.insert("doc".to_owned(), put_json(video));
    item.insert("modified_ms".to_owned(), put_number(video.modified_ms));
    item.insert("listed".to_owned(), AttributeValue::Bool(true));
    if let Some(facts) = &video.facts {
        item.insert("facts".to_owned(), put_json(facts));
    }
    let pointers = pointers(video).into_iter().map(|key| {
        let mut pointer = key.item();
        pointer.insert("id".to_owned(), AttributeValue::S(video.id.to_string()));
        pointer
    });
    std::iter::once(item)
        .chain(pointers)
        .map(ItemWrite::Create)
        .chain([ItemWrite::Put(entry(video))])
        .collect()
}

/// What leads to a video beside its id, each to this one alone.
fn pointers(video: &Video) -> Vec<ItemKey> {
    let reference = video.reference_id.as_deref().map(ItemKey::reference);
    std::iter::once(ItemKey::url(&video.file_url))
        .chain(reference)
        .collect()
}

/// Writes a video in place of the one that was read as `item`, if nobody else has since.
fn changing(item: &Item, video: &Video) -> ItemWrite {
    let change = ItemChange::new(
        "SET doc = :now, modified_ms = :modified, listed = :yes",
        UNCHANGED,
        [
            (":doc", item.get("doc").cloned().unwrap_or_else(no_text)),
            (":now", put_json(video)),
            (":modified", put_number(video.modified_ms)),
            (":yes", AttributeValue::Bool(true)),
        ],
    );
    ItemWrite::Update(ItemKey::video(&video.id), change)
}

fn no_text() -> AttributeValue {
    AttributeValue::S(String::new())
}

/// How a deletion is written, and what must hold for it.
fn deletion_of(image_type: ImageType) -> (&'static str, &'static str) {
    macro_rules! later {
        ($attribute:literal) => {
            (
                concat!("SET ", $attribute, " = :until"),
                concat!(
                    "attribute_exists(pk) AND (attribute_not_exists(",
                    $attribute,
                    ") OR ",
                    $attribute,
                    " < :until)"
                ),
            )
        };
    }
    match image_type {
        ImageType::All => later!("deleted_All"),
        ImageType::Only(kind) => match kind {
            SnapshotType::CoverSnapshot => later!("deleted_CoverSnapshot"),
            SnapshotType::NormalSnapshot => later!("deleted_NormalSnapshot"),
            SnapshotType::SpriteSnapshot => later!("deleted_SpriteSnapshot"),
            SnapshotType::SpriteOriginSnapshot => later!("deleted_SpriteOriginSnapshot"),
            SnapshotType::WebVttSnapshot => later!("deleted_WebVttSnapshot"),
        },
    }
}

fn deletions(item: &Item) -> Result<Deletions, BadItem> {
    let mut deletions = Deletions {
        all_until_ms: optional_number(item, "deleted_All")?,
        ..Deletions::default()
    };
    for kind in SnapshotType::ALL {
        let attribute = match kind {
            SnapshotType::CoverSnapshot => "deleted_CoverSnapshot",
            SnapshotType::NormalSnapshot => "deleted_NormalSnapshot",
            SnapshotType::SpriteSnapshot => "deleted_SpriteSnapshot",
            SnapshotType::SpriteOriginSnapshot => "deleted_SpriteOriginSnapshot",
            SnapshotType::WebVttSnapshot => "deleted_WebVttSnapshot",
        };
        if let Some(until_ms) = optional_number(item, attribute)? {
            deletions.until_ms.insert(kind, until_ms);
        }
    }
    Ok(deletions)
}
