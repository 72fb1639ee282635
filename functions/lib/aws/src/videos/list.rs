//! The list of all videos: one partition of the table, in the order of time.
//!
//! An entry is a copy of what the video was registered with, so that pages are found without a
//! look at each video. What an entry does not have, the facts of the file, is read for those on the
//! page. No index of DynamoDB does this: a table that is deployed would have to be given one, and
//! indexes follow their table late.

use super::VideoItems;
use crate::table::{Item, ItemChange, ItemKey, ItemWrite, json, put_json};
use aws_sdk_dynamodb::types::AttributeValue;
use service::model::{CreatedRange, ScrollToken, Video, VideoPage};
use service::ports::{PortResult, VideoList};
use service::video_filter::matches;
use std::collections::HashMap;

/// Videos that match are counted up to here: pages end here too.
const MOST_COUNTED: u64 = 5000;

/// Entries that one call looks at, some 12 MB: more would keep its caller waiting.
const MOST_EXAMINED: usize = 20_000;

/// The entry of a video.
pub(super) fn entry(video: &Video) -> Item {
    let mut item = ItemKey::listed_video(video).item();
    let registered = Video {
        facts: None,
        ..video.clone()
    };
    item.insert("doc".to_owned(), put_json(&registered));
    item
}

/// What a look through a part of the list came to.
struct Scan {
    /// The videos of the page.
    found: Vec<ItemKey>,
    matching: u64,
    /// Whether it ended before the page was full and the part was over.
    is_cut_short: bool,
}

impl VideoItems {
    pub(super) async fn page(
        &self,
        page: &VideoPage,
        after: Option<&ScrollToken>,
    ) -> PortResult<VideoList> {
        let whole = bounds(page.filter.created_range());
        let scan = self.scan(&whole, page, page.offset).await?;
        let (total, scan) = match after {
            None => (scan.matching, scan),
            Some(token) => {
                let rest = narrowed(whole, token, page.newest_first);
                (scan.matching, self.scan(&rest, page, 0).await?)
            }
        };
        Ok(VideoList {
            videos: self.those(&scan.found).await?,
            total: total.min(MOST_COUNTED),
            is_cut_short: scan.is_cut_short,
        })
    }

    async fn scan(
        &self,
        (first, last): &(ItemKey, ItemKey),
        page: &VideoPage,
        offset: usize,
    ) -> PortResult<Scan> {
        let mut scan = Scan {
            found: Vec::new(),
            matching: 0,
            is_cut_short: false,
        };
        let (mut examined, mut from) = (0, None);
        // DynamoDB refuses a range that ends before it begins.
        while first.sk <= last.sk {
            let bounds = (first, last);
            let (entries, more) = self.0.between(bounds, page.newest_first, from).await?;
            examined += entries.len();
            for item in &entries {
                let video = self.entered(item)?;
                if !matches(&page.filter, &video) {
                    continue;
                }
                if scan.matching >= offset as u64 && scan.found.len() < page.size {
                    scan.found.push(ItemKey::video(&video.id));
                }
                scan.matching += 1;
            }
            from = more;
            let is_full = scan.found.len() >= page.size;
            let is_enough = examined >= MOST_EXAMINED;
            if from.is_none() || is_full && (is_enough || scan.matching >= MOST_COUNTED) {
                break;
            }
            if is_enough {
                scan.is_cut_short = true;
                break;
            }
        }
        Ok(scan)
    }

    fn entered(&self, item: &Item) -> PortResult<Video> {
        let read = json(item, "doc").and_then(|doc| doc.ok_or_else(|| crate::table::bad("doc")));
        read.map_err(|cause| self.0.corrupt(cause))
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

    /// Enters a video into the list that was registered before there was one.
    pub(super) async fn listed(&self, video: Video) -> PortResult<Video> {
        let Some(item) = self.0.get(ItemKey::video(&video.id)).await? else {
            return Ok(video);
        };
        if !crate::table::flag(&item, "listed") {
            let mark = ItemChange::new(
                "SET listed = :yes",
                "attribute_exists(pk)",
                [(":yes", AttributeValue::Bool(true))],
            );
            let mark = ItemWrite::Update(ItemKey::video(&video.id), mark);
            self.0
                .transact(&[mark, ItemWrite::Put(entry(&video))])
                .await?;
        }
        Ok(video)
    }
}

/// Between which keys the entries of a range of times lie.
fn bounds(range: CreatedRange) -> (ItemKey, ItemKey) {
    let last = match range.until_ms {
        i64::MAX => ItemKey::end_of_list(),
        until_ms => ItemKey::listed_from(until_ms),
    };
    (ItemKey::listed_from(range.from_ms), last)
}

/// What of it follows a token. The key that it stands for is one that no entry has.
fn narrowed(
    (first, last): (ItemKey, ItemKey),
    token: &ScrollToken,
    newest_first: bool,
) -> (ItemKey, ItemKey) {
    let end = if newest_first { "" } else { "~" };
    let at = ItemKey::listed_at(token.created_ms, &format!("{}{end}", token.id_prefix));
    match newest_first {
        true if at.sk < last.sk => (first, at),
        false if at.sk > first.sk => (at, last),
        _ => (first, last),
    }
}
