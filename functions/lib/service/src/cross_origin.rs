//! What pages of other origins may read, as browsers are told (the CORS protocol of the Fetch
//! standard).
//!
//! Anything but a call is for any page: addresses of pictures can't be guessed or are signed, and the
//! OpenAPI document is no secret. A signed call is for any page too, since a page has no access key
//! but one that was given to it. An unsigned call is for none: whoever opens a page would lend it
//! the way to a server that trusts its network.

/// What goes with every answer of ours about a picture, whatever its status: any page may read it, pages
/// that isolate themselves too, search engines shall not list it, and nobody guesses at its type.
///
/// On AWS a redirect has these, and the bucket answers after it: it lets any page read, and has no way
/// to say the rest.
pub const PICTURE_HEADERS: [(&str, &str); 5] = [
    ANY_PAGE,
    // A player in a page needs these to seek.
    (
        "access-control-expose-headers",
        "Content-Length, Content-Range, ETag",
    ),
    ("cross-origin-resource-policy", "cross-origin"),
    ("x-robots-tag", "noindex"),
    ("x-content-type-options", "nosniff"),
];

/// Lets any page read an answer.
pub const ANY_PAGE: (&str, &str) = ("access-control-allow-origin", "*");

/// What a browser is told that asks first whether a page may get a picture.
pub const PREFLIGHT_HEADERS: [(&str, &str); 3] = [
    ("access-control-allow-methods", "GET, HEAD"),
    ("access-control-allow-headers", "*"),
    ("access-control-max-age", "86400"),
];

/// What goes with every answer to a call that has to be signed.
pub(crate) const CALL_HEADERS: [(&str, &str); 2] = [
    ANY_PAGE,
    (
        "access-control-expose-headers",
        "x-acs-request-id, retry-after",
    ),
];

/// What a browser is told that asks first whether a page may make such a call. `*` stands for every
/// header but Authorization.
pub(crate) const CALL_PREFLIGHT_HEADERS: [(&str, &str); 3] = [
    ("access-control-allow-methods", "GET, POST"),
    ("access-control-allow-headers", "*, Authorization"),
    ("access-control-max-age", "86400"),
];
