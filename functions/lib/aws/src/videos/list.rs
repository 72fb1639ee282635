//! The list of all videos: one partition of the table, in the order of time.
//!
//! An entry is a copy of what a filter may ask for, so that pages are found without a look at each
//! video. What an entry does not have, such as the facts of the file, is read for those on the page.
//! No index of DynamoDB does this: a table that is deployed would have to be given one, and indexes
//! follow their table late.

use crate::table::{BadItem, Item, ItemKey, Table, bad, json, put_json};
use service::model::{CreatedRange, Deletions, ScrollToken, Video, VideoPage};
use service::ports::PortResult;
use service::video_filter::matches;

/// Videos that match are counted up to here: pages end here too.
const MOST_COUNTED: u64 = 5000;

/// Entries that one call looks at, some 12 MB: more would keep its caller waiting.
const MOST_EXAMINED: usize = 20_000;

/// The entry of a video.
pub(super) fn entry(video: &Video) -> Item {
    let mut item = ItemKey::listed_video(video).item();
    // What no filter asks for is left out: whoever looks through the list reads every entry.
    let searched = Video {
        file_url: String::new(),
        place: None,
        user_data: None,
        cover_url: None,
        facts: None,
        deletions: Deletions::default(),
        ..video.clone()
    };
    item.insert("doc".to_owned(), put_json(&searched));
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

/// The videos of a page, by their keys, and how many match.
pub(super) struct Found {
    pub(super) videos: Vec<ItemKey>,
    pub(super) total: u64,
    pub(super) is_cut_short: bool,
}

pub(super) async fn page(
    table: &Table,
    page: &VideoPage,
    after: Option<&ScrollToken>,
) -> PortResult<Found> {
    let whole = bounds(page.filter.created_range());
    let scan = scan(table, &whole, page, page.offset).await?;
    let (total, scan) = match after {
        None => (scan.matching, scan),
        Some(token) => {
            let rest = narrowed(whole, token, page.newest_first);
            (scan.matching, self::scan(table, &rest, page, 0).await?)
        }
    };
    Ok(Found {
        videos: scan.found,
        total: total.min(MOST_COUNTED),
        is_cut_short: scan.is_cut_short,
    })
}

async fn scan(
    table: &Table,
    (first, last): &(ItemKey, ItemKey),
    page: &VideoPage,
    offset: usize,
) -> PortResult<Scan> {
    let mut scan = Scan {
        found: Vec::new(),
        matching: 0,
        is_cut_short: false,
    };
    // DynamoDB refuses a range that ends before it begins.
    if first.sk > last.sk {
        return Ok(scan);
    }
    let (mut examined, mut from) = (0, None);
    loop {
        let bounds = (first, last);
        let (entries, more) = table.between(bounds, page.newest_first, from).await?;
        examined += entries.len();
        for item in &entries {
            let video = entered(item).map_err(|cause| table.corrupt(cause))?;
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
            return Ok(scan);
        }
        if is_enough {
            scan.is_cut_short = true;
            return Ok(scan);
        }
    }
}

fn entered(item: &Item) -> Result<Video, BadItem> {
    json(item, "doc")?.ok_or_else(|| bad("doc"))
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
