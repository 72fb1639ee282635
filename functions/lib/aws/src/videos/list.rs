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
use std::time::{Duration, Instant};

/// Videos that match are counted up to here: pages end here too.
const MOST_COUNTED: u64 = 5000;

/// Entries that one call looks at, some 12 MB: more would keep its caller waiting.
const MOST_EXAMINED: usize = 20_000;

/// How long a call looks for the videos of its page, and how long it goes on to count the others,
/// both from its start: it is answered within 2.5 s, and what is on the page is read after this.
const FIND_WITHIN: Duration = Duration::from_millis(1500);
const COUNT_WITHIN: Duration = Duration::from_secs(1);

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

/// What is looked for in a part of the list.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    /// Videos that match and are passed over.
    offset: usize,
    /// Videos after them.
    size: usize,
    /// Whether those that follow are counted.
    counts: bool,
}

/// What a look through a part of the list came to.
#[derive(Debug, Default)]
struct Scan {
    /// The videos of the page.
    found: Vec<ItemKey>,
    matching: u64,
    /// Whether there are entries left that nobody looked at.
    has_more: bool,
}

impl Scan {
    /// How many match. Where not all were counted there may be more, and whoever goes by this must
    /// not end here.
    fn total(&self, wanted: Wanted) -> u64 {
        let shown = (wanted.offset + wanted.size) as u64;
        let least = if self.has_more { shown + 1 } else { 0 };
        self.matching.max(least).min(MOST_COUNTED)
    }

    /// Whether it ended before the page was full and the part was over.
    fn is_cut_short(&self, wanted: Wanted) -> bool {
        self.has_more && self.found.len() < wanted.size
    }
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
    let begun = Instant::now();
    let whole = bounds(page.filter.created_range());
    let counted = Wanted {
        offset: page.offset,
        size: page.size,
        counts: true,
    };
    let Some(token) = after else {
        let scan = scan(table, &whole, page, (counted, begun)).await?;
        return Ok(Found {
            total: scan.total(counted),
            is_cut_short: scan.is_cut_short(counted),
            videos: scan.found,
        });
    };
    let rest = narrowed(whole.clone(), token, page.newest_first);
    let next = Wanted {
        offset: 0,
        counts: false,
        ..counted
    };
    let of_page = scan(table, &rest, page, (next, begun)).await?;
    let all = Wanted {
        offset: 0,
        size: 0,
        counts: true,
    };
    let count = scan(table, &whole, page, (all, begun)).await?;
    Ok(Found {
        total: count.total(all),
        is_cut_short: of_page.is_cut_short(next),
        videos: of_page.found,
    })
}

async fn scan(
    table: &Table,
    (first, last): &(ItemKey, ItemKey),
    page: &VideoPage,
    (wanted, begun): (Wanted, Instant),
) -> PortResult<Scan> {
    let mut scan = Scan::default();
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
            if scan.matching >= wanted.offset as u64 && scan.found.len() < wanted.size {
                scan.found.push(ItemKey::video(&video.id));
            }
            scan.matching += 1;
        }
        from = more;
        scan.has_more = from.is_some();
        let is_full = scan.found.len() >= wanted.size;
        let within = if is_full { COUNT_WITHIN } else { FIND_WITHIN };
        let is_enough = examined >= MOST_EXAMINED || begun.elapsed() >= within;
        let is_counted = is_full && (!wanted.counts || scan.matching >= MOST_COUNTED);
        if !scan.has_more || is_enough || is_counted {
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
