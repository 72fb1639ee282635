//! What no store may trip over.

/// Texts that break what is put together from them.
pub(super) const HOSTILE: &[&str] = &[
    "",
    " ",
    "'",
    "\" OR 1=1 --",
    "%",
    "../..",
    "\0",
    "a\0b",
    "\u{1F3AC}",
    "{\"S\":\"x\"}",
];
