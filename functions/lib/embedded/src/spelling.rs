//! How one place may be spelt in a FileURL.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

/// What a URL's path may have besides letters and digits, as RFC 3986 has it.
const UNRESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'/');

/// What the URL standard encodes in a path, and `%`.
const PATH: AsciiSet = CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'%');

/// The FileURLs under which an earlier release may have kept the file at `place`: it knew a video by
/// the letters of its URL.
pub(crate) fn file_urls(place: &str) -> Vec<String> {
    let encodings = [
        place.to_owned(),
        utf8_percent_encode(place, &UNRESERVED).to_string(),
        utf8_percent_encode(place, &PATH).to_string(),
    ];
    let urls = encodings
        .iter()
        .flat_map(|path| ["file://", "file://localhost"].map(|prefix| format!("{prefix}{path}")));
    std::iter::once(place.to_owned()).chain(urls).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_the_spellings_that_programs_use() {
        let urls = file_urls("/m/a b#\u{e9}(1).mp4");
        for url in [
            "/m/a b#\u{e9}(1).mp4",
            "file:///m/a b#\u{e9}(1).mp4",
            // Java, Python.
            "file:///m/a%20b%23%C3%A9%281%29.mp4",
            // Browsers, Node, Rust.
            "file:///m/a%20b%23%C3%A9(1).mp4",
            "file://localhost/m/a%20b%23%C3%A9(1).mp4",
        ] {
            assert!(urls.iter().any(|known| known == url), "{url}: {urls:?}");
        }
    }
}
