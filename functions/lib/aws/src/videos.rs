//! [`Videos`] on the table.

mod deletions;
mod list;

use crate::sources::file_urls;
use crate::table::{
    BUSY, BadItem, Item, ItemChange, ItemKey, ItemWrite, Table, TransactionOutcome, bad, flag,
    json, number, optional_number, put_json, put_number, text,
};
use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use deletions::{deletion_of, deletions};
use list::entry;
use service::model::{
    ImageType, ScrollToken, UnixMs, Video, VideoChange, VideoId, VideoInfo, VideoPage,
};
use service::ports::{PortResult, Registration, VideoList, Videos};
use std::collections::HashMap;

pub(crate) struct VideoItems(pub(crate) Table);

#[async_trait]
impl Videos for VideoItems {
    async fn register(&self, video: Video) -> PortResult<Registration> {
        for _ in 0..TRIES {
            if let Some(known) = self.find_file(&video).await? {
                match self.complete(&known, &video).await? {
                    Some(registration) => return Ok(registration),
                    None => continue,
                }
            }
            // Mostly it is new; that another call was first is found by the write itself.
            let refused = match self.0.transact(&writes(&video)).await? {
                TransactionOutcome::Done => return Ok(Registration::New(video)),
                TransactionOutcome::Refused(refused) => refused,
            };
            let known = refused.get(1).copied().unwrap_or_default();
            if !self.remove_dangling(&pointers(&video)).await? && !known {
                return Ok(Registration::ReferenceTaken);
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
        self.update(id, change).await
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
        self.update(id, change).await
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
        self.update(id, change).await
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
            writes.extend(self.removals(&video).await?);
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
    /// The video of the file at the place of `video`; else the one of before places were kept whose
    /// URL leads there. A video with another place is of another file, whatever its URL leads to by
    /// now.
    async fn find_file(&self, video: &Video) -> PortResult<Option<VideoId>> {
        let place = place_key(video);
        if let Some(known) = self.named(place.clone()).await? {
            return Ok(Some(known.id));
        }
        let spelt = video.place.as_deref();
        let spelt = spelt.map(|place| file_urls(place, self.0.region()));
        let urls = std::iter::once(&video.file_url).chain(spelt.iter().flatten());
        for url in urls.filter(|url| ItemKey::url(url) != place) {
            let known = self.named(ItemKey::url(url)).await?;
            if let Some(known) = known.filter(|known| known.place.is_none()) {
                return Ok(Some(known.id));
            }
        }
        Ok(None)
    }

    /// A change that leaves `doc` as it is. One of a video that a release without the list
    /// registered enters it there.
    async fn update(&self, id: &VideoId, change: ItemChange) -> PortResult<()> {
        let before = self.0.exchange(ItemKey::video(id), change).await?;
        match before.filter(|item| !flag(item, "listed")) {
            Some(item) => self.enter(id, &item).await,
            None => Ok(()),
        }
    }

    /// Whoever writes `doc` meanwhile enters the video, or deletes it.
    async fn enter(&self, id: &VideoId, item: &Item) -> PortResult<()> {
        let video = self.read(item)?;
        let change = ItemChange::new(
            "SET listed = :yes",
            UNCHANGED,
            [
                (":doc", item.get("doc").cloned().unwrap_or_else(no_text)),
                (":yes", AttributeValue::Bool(true)),
            ],
        );
        let writes = [
            ItemWrite::Update(ItemKey::video(id), change),
            ItemWrite::Put(entry(&video)),
        ];
        self.0.transact(&writes).await.map(drop)
    }

    /// Removes what leads to a video. Its FileURL did before places were kept; since then the same
    /// letters may be the place of another file, and lead there.
    async fn removals(&self, video: &Video) -> PortResult<Vec<ItemWrite>> {
        let mut keys = pointers(video);
        let url = ItemKey::url(&video.file_url);
        if !keys.contains(&url) {
            keys.push(url);
        }
        let mut removals = Vec::new();
        for key in keys {
            if self.pointed(key.clone()).await?.as_ref() == Some(&video.id) {
                removals.push(removal(key, &video.id));
            }
        }
        Ok(removals)
    }

    /// Gives a known video what it has not: its place, a ReferenceId, and its entry in the list.
    /// `None` where another call wrote meanwhile.
    async fn complete(&self, known: &VideoId, given: &Video) -> PortResult<Option<Registration>> {
        let Some(item) = self.0.get(ItemKey::video(known)).await? else {
            return Ok(None);
        };
        let before = self.read(&item)?;
        if self.is_taken(given.reference_id.as_deref(), known).await? {
            return Ok(Some(Registration::ReferenceTaken));
        }
        let video = Video {
            place: before.place.clone().or(given.place.clone()),
            reference_id: before.reference_id.clone().or(given.reference_id.clone()),
            ..before.clone()
        };
        let mut new = pointers(&video);
        let mut old = pointers(&before);
        let obsolete = old
            .extract_if(.., |key| !new.contains(key))
            .collect::<Vec<_>>();
        new.retain(|key| !old.contains(key));
        if new.is_empty() && flag(&item, "listed") {
            return Ok(Some(Registration::Known(video)));
        }
        let created = new.iter().map(|key| pointer(key.clone(), known));
        let mut writes = vec![changing(&item, &video), ItemWrite::Put(entry(&video))];
        writes.extend(created.map(ItemWrite::Create));
        // The letters of its URL may be the place of another file.
        let removed = obsolete.into_iter().map(|key| removal(key, known));
        writes.extend(removed);
        if self.0.transact(&writes).await? == TransactionOutcome::Done {
            return Ok(Some(Registration::Known(video)));
        }
        self.remove_dangling(&new).await?;
        Ok(None)
    }

    /// Whether a ReferenceId is that of another video than `known`.
    async fn is_taken(&self, reference_id: Option<&str>, known: &VideoId) -> PortResult<bool> {
        let Some(reference_id) = reference_id else {
            return Ok(false);
        };
        let holder = self.by_reference(reference_id).await?;
        Ok(holder.is_some_and(|holder| holder.id != *known))
    }

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

    /// Removes what leads to videos that are gone, as where one was given another name while it
    /// was deleted. Whether there was any.
    async fn remove_dangling(&self, keys: &[ItemKey]) -> PortResult<bool> {
        let mut removed = false;
        for key in keys {
            let Some(id) = self.pointed(key.clone()).await? else {
                continue;
            };
            if self.by_id(&id).await?.is_none() {
                let id = AttributeValue::S(id.to_string());
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
        match self.pointed(key).await? {
            Some(id) => self.by_id(&id).await,
            None => Ok(None),
        }
    }

    /// Its id, whether it is there or not.
    async fn pointed(&self, key: ItemKey) -> PortResult<Option<VideoId>> {
        let Some(pointer) = self.0.get(key).await? else {
            return Ok(None);
        };
        let id = text(&pointer, "id").map_err(|cause| self.0.corrupt(cause))?;
        Ok(Some(id.into()))
    }

    fn read(&self, item: &Item) -> PortResult<Video> {
        let read = || {
            let mut video: Video = json(item, "doc")?.ok_or_else(|| bad("doc"))?;
            video.facts = json(item, "facts")?;
            video.deletions = deletions(item)?;
            video.modified_ms = number(item, "modified_ms")?;
            if let Some(bytes) = optional_number(item, "size_bytes")? {
                video.size_bytes = u64::try_from(bytes).map_err(|_| bad("size_bytes"))?;
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

/// The video, then its place, then its ReferenceId if it has one, and its entry in the list.
fn writes(video: &Video) -> Vec<ItemWrite> {
    let mut item = ItemKey::video(&video.id).item();
    item.insert("doc".to_owned(), put_json(video));
    item.insert("modified_ms".to_owned(), put_number(video.modified_ms));
    item.insert("listed".to_owned(), AttributeValue::Bool(true));
    if let Some(facts) = &video.facts {
        item.insert("facts".to_owned(), put_json(facts));
    }
    let pointers = pointers(video).into_iter();
    let pointers = pointers.map(|key| pointer(key, &video.id));
    std::iter::once(item)
        .chain(pointers)
        .map(ItemWrite::Create)
        .chain([ItemWrite::Put(entry(video))])
        .collect()
}

fn pointer(key: ItemKey, id: &VideoId) -> Item {
    let mut pointer = key.item();
    pointer.insert("id".to_owned(), AttributeValue::S(id.to_string()));
    pointer
}

/// Removes what leads to this video, unless it leads to another by now.
fn removal(key: ItemKey, id: &VideoId) -> ItemWrite {
    let id = AttributeValue::S(id.to_string());
    let condition = "attribute_not_exists(pk) OR id = :id";
    ItemWrite::RemoveIf(key, ItemChange::new("", condition, [(":id", id)]))
}

/// What leads to a video beside its id, each to this one alone.
fn pointers(video: &Video) -> Vec<ItemKey> {
    let reference = video.reference_id.as_deref().map(ItemKey::reference);
    std::iter::once(place_key(video)).chain(reference).collect()
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
