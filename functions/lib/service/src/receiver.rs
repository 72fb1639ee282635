//! Whom callbacks go to, on every body of the ports.

use url::Url;

/// How long a receiver is tried for one event, ms.
pub const TRIED_FOR_MS: i64 = 24 * 60 * 60 * 1000;

/// The receiver that `url` leads to, as far as its trouble is its own: scheme, host and port, or the
/// whole text where it is no URL.
#[must_use]
pub fn receiver(url: &str) -> String {
    match Url::parse(url).map(|url| url.origin()) {
        Ok(origin) if origin.is_tuple() => origin.ascii_serialization(),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_machine_is_one_receiver_however_its_url_is_written() {
        for url in [
            "http://example.com/a?job=1",
            "http://EXAMPLE.com:80/b",
            "HTTP://EXAMPLE.com:80/",
            "http://user@example.com",
        ] {
            assert_eq!(receiver(url), "http://example.com", "{url}");
        }
        for url in [
            "https://example.com/",
            "http://example.com:81/",
            "http://a.example.com/",
        ] {
            assert_ne!(receiver(url), "http://example.com", "{url}");
        }
        assert_eq!(receiver("no url"), "no url");
    }
}
