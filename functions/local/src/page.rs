//! The demo's results as a web page: a view of the console that needs no server.
//!
//! One file that loads nothing but the pictures, by relative URL. How pictures are shown is the
//! console's own script. The name of a video may be hostile: it gets into the page as text only.

mod escape;

use artifacts::Manifest;
use escape::{fill, html, script_json};
use serde_json::json;

const TEMPLATE: &str = include_str!("page/index.html");
const STYLE: &str = include_str!("server/browser_console/assets/view.css");
const VIEW: &str = include_str!("server/browser_console/assets/view.js");
const SCRIPT: &str = include_str!("page/script.js");

/// What the page shows.
#[derive(Debug, Clone)]
pub(crate) struct ResultPage<'a> {
    /// The file name of the video.
    pub(crate) video_name: &'a str,
    /// What the normal job made.
    pub(crate) pictures: &'a Manifest,
    /// What the sprite job made, on sheets without padding and margin.
    pub(crate) sprite: &'a Manifest,
}

/// The page as HTML. It belongs beside `objects/`.
#[must_use]
pub(crate) fn render(page: &ResultPage<'_>) -> String {
    let data = json!({ "pictures": page.pictures, "sprite": page.sprite });
    fill(
        TEMPLATE,
        &[
            ("style", STYLE),
            ("view", VIEW),
            ("script", SCRIPT),
            ("name", &html(page.video_name)),
            ("facts", &html(&summary(page))),
            ("data", &script_json(&data)),
        ],
    )
}

fn summary(page: &ResultPage<'_>) -> String {
    let sprite = page.sprite;
    let cells = counted(sprite.pictures.len(), "cell");
    let sheets = counted(sprite.sheets.len(), "sprite sheet");
    let parts = [
        clock(page.pictures.duration_ms),
        counted(page.pictures.pictures.len(), "picture"),
        format!("{cells} on {sheets}"),
    ];
    parts.join(" · ")
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// `m:ss.mmm`, or `h:mm:ss.mmm` from an hour on.
fn clock(ms: u64) -> String {
    let (s, min) = (ms / 1000 % 60, ms / 60_000 % 60);
    match ms / 3_600_000 {
        0 => format!("{min}:{s:02}.{:03}", ms % 1000),
        h => format!("{h}:{min:02}:{s:02}.{:03}", ms % 1000),
    }
}

#[cfg(test)]
mod tests;
