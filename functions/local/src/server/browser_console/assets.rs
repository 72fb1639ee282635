//! The files of the page: in the program, the same for everybody.

use crate::server::static_document::StaticDocument;

/// What browsers are told of everything that the console sends. The page runs no script and loads
/// nothing but from this server, and no other page may show it.
pub(super) const PROTECTION: [(&str, &str); 6] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
         media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'",
    ),
    ("x-frame-options", "DENY"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const ICON: &str = "image/svg+xml";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// A file: its name, its type and its text.
type Asset = (&'static str, &'static str, &'static str);

macro_rules! asset {
    ($name:literal, $kind:expr) => {
        ($name, $kind, include_str!(concat!("assets/", $name)))
    };
}

const ASSETS: [Asset; 18] = [
    asset!("index.html", HTML),
    asset!("icon.svg", ICON),
    asset!("style.css", STYLE),
    asset!("view.css", STYLE),
    asset!("main.js", SCRIPT),
    asset!("client.js", SCRIPT),
    asset!("signer.js", SCRIPT),
    asset!("dom.js", SCRIPT),
    asset!("view.js", SCRIPT),
    asset!("videos.js", SCRIPT),
    asset!("adding.js", SCRIPT),
    asset!("job_form.js", SCRIPT),
    asset!("snippets.js", SCRIPT),
    asset!("jobs.js", SCRIPT),
    asset!("results.js", SCRIPT),
    asset!("storyboards.js", SCRIPT),
    asset!("events.js", SCRIPT),
    asset!("templates.js", SCRIPT),
];

pub(super) struct Assets(Vec<(&'static str, StaticDocument)>);

impl Assets {
    pub(super) fn new() -> Self {
        let document = |(name, kind, text): Asset| {
            let document = StaticDocument::new(kind, text.to_owned());
            (name, document)
        };
        Self(ASSETS.into_iter().map(document).collect())
    }

    pub(super) fn find(&self, name: &str) -> Option<&StaticDocument> {
        let found = self.0.iter().find(|(own, _)| *own == name);
        found.map(|(_, document)| document)
    }
}
