//! URLs that clients or we call later: http(s), and no other kind, such as `javascript:`.

/// Whether `url` is one http(s) URL with a host, of at most so many bytes.
pub(crate) fn is_http_url(url: &str, max_bytes: usize) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    let known = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    // Names of files have spaces as they have letters of any script; names of hosts have none.
    let clean = !host.contains(char::is_whitespace) && !url.contains(char::is_control);
    known && clean && !host.is_empty() && url.len() <= max_bytes
}

/// What such a URL must be.
pub(crate) fn rule(max_bytes: usize) -> String {
    format!("must be an http or https URL of at most {max_bytes} bytes.")
}
