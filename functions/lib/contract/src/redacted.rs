//! URLs as a log may have them.
//!
//! A URL often is a secret, or has one in it: a user and a password, a token in the query, the
//! signature of a picture's address, the path of a chat service's webhook. Logs travel further
//! than settings do, so a URL goes into one through a type of this module, and what formats lines
//! passes each through [`text`], for the URLs within errors of other crates.

use std::borrow::Cow;
use std::fmt::{self, Display, Formatter};

/// Scheme, host, port and path. A query is shown as `?...`; user, password and fragment go.
#[derive(Debug, Clone, Copy)]
pub struct RedactedUrl<'a>(pub &'a str);

/// Scheme, host and port alone: the path of a webhook is what lets a caller in.
#[derive(Debug, Clone, Copy)]
pub struct RedactedReceiver<'a>(pub &'a str);

const HIDDEN: &str = "[hidden]";

impl Display for RedactedUrl<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match parts(self.0) {
            Some(Parts {
                scheme,
                place,
                path,
                more,
            }) => write!(out, "{scheme}://{place}{path}{more}"),
            // The path of a file is a name of it as well.
            None if self.0.starts_with('/') => out.write_str(self.0),
            None => out.write_str(HIDDEN),
        }
    }
}

impl Display for RedactedReceiver<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Some(Parts {
            scheme,
            place,
            path,
            more,
        }) = parts(self.0)
        else {
            return out.write_str(HIDDEN);
        };
        let is_short = path.len() <= 1 && more.is_empty();
        let path = if is_short { path } else { "/..." };
        write!(out, "{scheme}://{place}{path}")
    }
}

/// `line` with each URL in it as [`RedactedUrl`] shows it. A URL ends where a space, a quote or
/// a backslash does.
#[must_use]
pub fn text(line: &str) -> Cow<'_, str> {
    let (mut clean, mut kept) = (String::new(), 0);
    for (at, _) in line.match_indices("://") {
        let scheme = line[..at].bytes().rev();
        let scheme = scheme.take_while(|byte| is_of_scheme(char::from(*byte)));
        let start = at - scheme.count();
        // Within the URL before: a redirect's target in a query. Or no URL at all.
        if start < kept || start == at {
            continue;
        }
        let rest = &line[at..];
        let end = at + rest.find(ends_url).unwrap_or(rest.len());
        let url = &line[start..end];
        let redacted = RedactedUrl(url).to_string();
        if redacted != url {
            clean.push_str(&line[kept..start]);
            clean.push_str(&redacted);
            kept = end;
        }
    }
    if kept == 0 {
        return Cow::Borrowed(line);
    }
    clean.push_str(&line[kept..]);
    Cow::Owned(clean)
}

/// What somebody `said` of an attempt to reach the receiver at `url`, which may be no URL.
#[must_use]
pub fn about(url: &str, said: &str) -> String {
    let said = match url {
        "" => said.to_owned(),
        _ => said.replace(url, &RedactedReceiver(url).to_string()),
    };
    text(&said).into_owned()
}

struct Parts<'a> {
    scheme: &'a str,
    /// Host and port.
    place: &'a str,
    path: &'a str,
    /// `?...` in place of a query.
    more: &'static str,
}

fn parts(url: &str) -> Option<Parts<'_>> {
    let (scheme, rest) = url.split_once("://")?;
    if scheme.is_empty() || !scheme.chars().all(is_of_scheme) {
        return None;
    }
    let (rest, _fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, more) = rest
        .split_once('?')
        .map_or((rest, ""), |(r, _)| (r, "?..."));
    let end = rest.find(['/', '\\']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let place = authority
        .rsplit_once('@')
        .map_or(authority, |(_, place)| place);
    Some(Parts {
        scheme,
        place: if is_place(place) { place } else { HIDDEN },
        path,
        more,
    })
}

/// A host with or without a port. What is none may be half of a password that has a `/` in it.
fn is_place(place: &str) -> bool {
    let port_at = place.rfind(']').map_or(0, |end| end + 1);
    let port = place[port_at..]
        .split_once(':')
        .map_or("", |(_, port)| port);
    port.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_of_scheme(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.')
}

fn ends_url(letter: char) -> bool {
    letter.is_whitespace() || letter.is_control() || matches!(letter, '"' | '\'' | '\\' | '<' | '>')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_url_keeps_where_it_leads_and_loses_what_lets_in() {
        for (url, kept) in [
            ("http://host:8080/a/b", "http://host:8080/a/b"),
            ("http://user:pass@host/a?token=t#f", "http://host/a?..."),
            ("https://u@h@host:1?t", "https://host:1?..."),
            ("http://u:p@[::1]:80/x", "http://[::1]:80/x"),
            ("http://[::1]/", "http://[::1]/"),
            ("http://user:pa/ss@host/", "http://[hidden]/ss@host/"),
            ("file:///videos/a b.mp4", "file:///videos/a b.mp4"),
            ("/videos/a.mp4", "/videos/a.mp4"),
            ("s3://bucket/key", "s3://bucket/key"),
            ("user:pass@host", "[hidden]"),
            ("", "[hidden]"),
        ] {
            assert_eq!(RedactedUrl(url).to_string(), kept, "{url}");
        }
    }

    #[test]
    fn a_receiver_keeps_its_host_alone() {
        for (url, kept) in [
            (
                "https://hooks.example.com/services/T/B/x",
                "https://hooks.example.com/...",
            ),
            ("http://u:p@host:9000/?token=t", "http://host:9000/..."),
            ("http://host:9000/", "http://host:9000/"),
            ("http://host:9000", "http://host:9000"),
            ("nonsense", "[hidden]"),
        ] {
            assert_eq!(RedactedReceiver(url).to_string(), kept, "{url}");
        }
    }

    #[test]
    fn urls_within_a_text_are_found() {
        for (line, kept) in [
            ("no URL: here // at all", "no URL: here // at all"),
            (
                "bad uri: http://u:p@h/x?t=1 and more",
                "bad uri: http://h/x?... and more",
            ),
            (
                r#"{"a":"http://u:p@h/","b":"s://k@i?q"}"#,
                r#"{"a":"http://h/","b":"s://i?..."}"#,
            ),
            ("(http://a/?to=http://u:p@h/) x", "(http://a/?... x"),
            (
                "listening http://127.0.0.1:80",
                "listening http://127.0.0.1:80",
            ),
            ("://", "://"),
        ] {
            assert_eq!(text(line), kept);
        }
    }

    #[test]
    fn an_error_that_has_the_url_in_it_loses_it() {
        assert_eq!(about("u:p@h", "bad uri: u:p@h"), "bad uri: [hidden]");
        assert_eq!(about("", "bad uri: "), "bad uri: ");
        assert_eq!(
            about("http://u:a b@h/x", "no http://u:a b@h/x"),
            "no http://h/..."
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_secret_is_left(
            before in "[ -~é]{0,12}",
            user in "[a-z:%@]{0,6}",
            query in "[a-z=&/@:?]{0,12}",
        ) {
            let url = format!("http://{user}SECRET@host/p?{query}SECRET#SECRET");
            for shown in [
                RedactedUrl(&url).to_string(),
                RedactedReceiver(&url).to_string(),
                text(&format!("{before} {url} {url}")).into_owned(),
            ] {
                prop_assert!(!shown.contains("SECRET"), "{}", shown);
            }
        }

        #[test]
        fn any_text_is_taken(line in "\\PC{0,40}") {
            let _ = (text(&line), RedactedUrl(&line).to_string(), RedactedReceiver(&line).to_string());
        }
    }
}
