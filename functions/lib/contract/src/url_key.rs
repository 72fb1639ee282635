//! Spellings of one http URL.

use std::fmt::Write as _;

/// What all spellings of `url` have in common: scheme and host in lower case, no port that goes without
/// saying, each character encoded or not in one way. What separates the parts of a URL stays apart
/// from the same character within one. It is for comparison alone: what is called is what was given.
#[must_use]
pub fn of(url: &str) -> String {
    let url = url.trim();
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (rest, fragment) = cut(rest, '#');
    let (path, query) = cut(rest, '?');
    let scheme = scheme.to_ascii_lowercase();
    let mut key = format!("{scheme}://{}", host(&scheme, authority));
    add(if path.is_empty() { "/" } else { path }, "/", &mut key);
    if let Some(query) = query {
        key.push('?');
        add(query, "&=+;", &mut key);
    }
    if let Some(fragment) = fragment {
        key.push('#');
        add(fragment, "", &mut key);
    }
    key
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

fn host(scheme: &str, authority: &str) -> String {
    let host = authority.to_lowercase();
    let usual = if scheme == "https" { ":443" } else { ":80" };
    let bare = host.strip_suffix(usual).or_else(|| host.strip_suffix(':'));
    bare.map_or(host.clone(), str::to_owned)
}

/// Adds `text`: unreserved characters and those of `separators` as they stand, all others encoded. A
/// `%` that encodes nothing is one of them.
fn add(text: &str, separators: &str, key: &mut String) {
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let encoded = (byte == b'%').then(|| hex(after)).flatten();
        rest = encoded.map_or(after, |_| after.get(2..).unwrap_or_default());
        let separates = encoded.is_none() && separators.as_bytes().contains(&byte);
        let meant = encoded.unwrap_or(byte);
        if separates || meant.is_ascii_alphanumeric() || b"-._~".contains(&meant) {
            key.push(char::from(meant));
        } else {
            // Writing to a String does not fail.
            let _ = write!(key, "%{meant:02X}");
        }
    }
}

/// The byte that the first two digits say.
fn hex(digits: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
    u8::try_from(digit(0)? << 4 | digit(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_url_have_one_key() {
        for spellings in [
            &[
                "http://h/\u{4e2d} r.mp4",
                "HTTP://H:80/%E4%B8%AD%20r.mp4",
                "http://h/%e4%b8%ad r%2Emp4",
                " http://h/\u{4e2d}%20%72.mp4 ",
            ][..],
            &["https://h", "https://h:443/", "HTTPS://h:/"],
            &["http://h/100%.mp4", "http://h/100%25.mp4"],
            &["http://h/(a),b@c.mp4", "http://h/%28a%29%2Cb%40c.mp4"],
            &["http://h/a?x=a b&y=/", "http://h/a?x=a%20b&y=%2f"],
        ] {
            for spelling in spellings {
                assert_eq!(of(spelling), of(spellings[0]), "{spelling}");
            }
            assert_eq!(of(&of(spellings[0])), of(spellings[0]));
        }
    }

    #[test]
    fn different_urls_have_different_keys() {
        for (one, other) in [
            ("http://h/a/b", "http://h/a%2Fb"),
            ("http://h/a?b", "http://h/a%3Fb"),
            ("http://h/a#b", "http://h/a%23b"),
            ("http://h/a?x=1&y", "http://h/a?x=1%26y"),
            ("http://h/a?x=1+y", "http://h/a?x=1%2By"),
            ("http://h/A", "http://h/a"),
            ("http://h/a", "https://h/a"),
            ("http://h/a", "http://h:8080/a"),
            ("http://h/%2541", "http://h/A"),
            ("http://h/a", "http://h/a?"),
        ] {
            assert_ne!(of(one), of(other), "{one} {other}");
        }
    }
}
