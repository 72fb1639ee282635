//! URLs that an operator gives, checked before anything starts. What is wrong with one is said without
//! it: it may hold a password or a token, and what is said goes to the log.

use url::{Host, Url};

/// An http(s) URL that events can be sent to.
pub(crate) fn receiver(text: &str) -> Result<(), String> {
    http_url(text).map(drop)
}

/// An http(s) URL that a `/` and a key can be put behind.
pub(crate) fn base(text: &str) -> Result<(), String> {
    let url = http_url(text)?;
    let has_more = url.query().is_some() || url.fragment().is_some();
    if has_more || !url.username().is_empty() || url.password().is_some() {
        let rule = "it must have no user, query or fragment, such as https://vod.example.com";
        return Err(rule.to_owned());
    }
    Ok(())
}

/// Whether its host is the address that means all of a machine's: a server listens there, and nobody
/// can call it.
pub(crate) fn is_of_all_addresses(url: &str) -> bool {
    let url = Url::parse(url).ok();
    match url.as_ref().and_then(Url::host) {
        Some(Host::Ipv4(address)) => address.is_unspecified(),
        Some(Host::Ipv6(address)) => address.is_unspecified(),
        Some(Host::Domain(_)) | None => false,
    }
}

fn http_url(text: &str) -> Result<Url, String> {
    const RULE: &str = "expected an http or https URL with a host, such as https://example.com";
    let is_clean = |c: char| !c.is_control() && !c.is_whitespace();
    let url = Url::parse(text).map_err(|cause| format!("{cause}; {RULE}"))?;
    let is_http = matches!(url.scheme(), "http" | "https") && url.has_host();
    // A URL with a single slash is read as one with two, by this parser and not by all.
    let has_slashes = text.split_once("://").is_some();
    match is_http && has_slashes && text.chars().all(is_clean) {
        true => Ok(url),
        false => Err(RULE.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_url_to_call_is_refused_at_the_start() {
        for text in [
            "",
            "hooks",
            "ftp://h/",
            "http:h",
            "http://",
            "mailto:a@b",
            "http://h/a b",
            "//h",
        ] {
            assert!(receiver(text).is_err() && base(text).is_err(), "{text}");
        }
        assert!(receiver("http://u:p@h:9000/hook?a=b").is_ok());
        for text in ["https://h/?a", "https://h/#a", "https://u@h/"] {
            assert!(base(text).is_err(), "{text}");
        }
        assert!(base("https://vod.example.com/api/").is_ok());
    }

    #[test]
    fn the_address_of_all_leads_nowhere() {
        for nowhere in ["http://0.0.0.0:8080", "https://[::]:8443"] {
            assert!(is_of_all_addresses(nowhere), "{nowhere}");
        }
        for somewhere in [
            "http://127.0.0.1:8080",
            "https://vod.example.com",
            "http://[::1]/",
        ] {
            assert!(!is_of_all_addresses(somewhere), "{somewhere}");
        }
    }
}
