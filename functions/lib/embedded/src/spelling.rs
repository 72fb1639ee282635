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
    let mut encodings = vec![
        utf8_percent_encode(place, &UNRESERVED).to_string(),
        utf8_percent_encode(place, &PATH).to_string(),
    ];
    // With a `%` it would be the URL of another file, the one of the decoded name.
    if !place.contains('%') {
        encodings.push(place.to_owned());
    }
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

    #[test]
    fn the_name_of_one_file_is_the_url_of_another() {
        let urls = file_urls("/m/a%20b.mp4");
        assert!(
            !urls.contains(&"file:///m/a%20b.mp4".to_owned()),
            "{urls:?}"
        );
        assert!(urls.contains(&"/m/a%20b.mp4".to_owned()), "{urls:?}");
        assert!(
            urls.contains(&"file:///m/a%2520b.mp4".to_owned()),
            "{urls:?}"
        );
    }
}
