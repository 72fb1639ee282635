//! The demo's results as a web page: the pictures with their times, and a scrubber over the sprite.
//!
//! One file that loads nothing but the pictures, by relative URL. The name of a video may be
//! hostile: it gets into the page as text only.

mod escape;

use escape::{fill, html, script_json};
use serde::Serialize;
use serde_json::json;

const TEMPLATE: &str = include_str!("page/index.html");
const STYLE: &str = include_str!("page/style.css");
const SCRIPT: &str = include_str!("page/script.js");

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct ResultPage {
    /// The file name of the video.
    pub(crate) video_name: String,
    /// Duration of the video.
    pub(crate) duration_ms: u64,
    /// The pictures of the normal job, in their order.
    pub(crate) pictures: Vec<PagePicture>,
    /// The sheets of the sprite job.
    pub(crate) sprite: Option<PageSprite>,
}

/// One picture.
#[derive(Debug, Clone)]
pub(crate) struct PagePicture {
    /// URL relative to the page.
    pub(crate) src: String,
    /// The time point asked for, ms.
    pub(crate) requested_ms: u64,
    /// When the frame shown is presented, microseconds.
    pub(crate) presentation_us: u64,
    /// px
    pub(crate) width: u32,
    /// px
    pub(crate) height: u32,
}

/// The sprite sheets of one job and their geometry, px.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PageSprite {
    /// URLs relative to the page.
    pub(crate) sheets: Vec<String>,
    pub(crate) sheet_width: u32,
    pub(crate) sheet_height: u32,
    pub(crate) cell_width: u32,
    pub(crate) cell_height: u32,
    /// Cells per row.
    pub(crate) columns: u32,
    /// Rows per sheet.
    pub(crate) lines: u32,
    /// Between cells.
    pub(crate) padding: u32,
    /// Around the sheet.
    pub(crate) margin: u32,
    /// Every picture on the sheets.
    pub(crate) cells: Vec<PageCell>,
}

/// One picture on a sheet.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PageCell {
    /// Which sheet, from 1 as in the manifest.
    pub(crate) sheet: u32,
    /// Which cell, from 0 in row order.
    pub(crate) cell: u32,
    /// The time point asked for, ms.
    pub(crate) requested_ms: u64,
    /// When the frame shown is presented, microseconds.
    pub(crate) presentation_us: u64,
}

/// The page as HTML.
#[must_use]
pub(crate) fn render(page: &ResultPage) -> String {
    let figures: String = page.pictures.iter().map(figure).collect();
    let data = json!({ "duration_ms": page.duration_ms, "sprite": page.sprite });
    fill(
        TEMPLATE,
        &[
            ("style", STYLE),
            ("script", SCRIPT),
            ("name", &html(&page.video_name)),
            ("facts", &html(&summary(page))),
            ("pictures", &figures),
            ("data", &script_json(&data)),
        ],
    )
}

fn summary(page: &ResultPage) -> String {
    let mut parts = vec![clock(page.duration_ms.saturating_mul(1000))];
    parts.push(counted(page.pictures.len(), "picture"));
    if let Some(sprite) = &page.sprite {
        let cells = counted(sprite.cells.len(), "cell");
        parts.push(format!(
            "{cells} on {}",
            counted(sprite.sheets.len(), "sprite sheet")
        ));
    }
    parts.join(" · ")
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

fn figure(picture: &PagePicture) -> String {
    let (src, width, height) = (html(&picture.src), picture.width, picture.height);
    let requested = clock(picture.requested_ms.saturating_mul(1000));
    let shown = clock(picture.presentation_us);
    format!(
        "<figure><a href=\"{src}\"><img src=\"{src}\" width=\"{width}\" height=\"{height}\" \
         alt=\"The video at {requested}\"></a>\
         <figcaption><b>{requested}</b><span>shown since {shown}</span></figcaption></figure>\n"
    )
}

/// `m:ss.mmm`, or `h:mm:ss.mmm` from an hour on. Fractions of a millisecond are cut off.
fn clock(us: u64) -> String {
    let (ms, s, min) = (us / 1000 % 1000, us / 1_000_000 % 60, us / 60_000_000 % 60);
    match us / 3_600_000_000 {
        0 => format!("{min}:{s:02}.{ms:03}"),
        h => format!("{h}:{min:02}:{s:02}.{ms:03}"),
    }
}

#[cfg(test)]
mod tests;
