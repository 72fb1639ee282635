//! Texts that strangers send in place of names.

use proptest::prelude::*;

/// Has to stay text, wherever it comes out.
pub(crate) const MARKUP: &str = "</script><img src=x onerror=alert(1)>";

/// What has broken others.
const KNOWN: [&str; 24] = [
    "",
    ".",
    "..",
    "../../../../etc/passwd",
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/",
    "/etc/passwd",
    "\\\\server\\share",
    "C:\\windows",
    "a\0b",
    "a\r\nX-Injected: 1",
    "a\r\n\r\n<html>",
    "\u{2028}\u{2029}\u{85}",
    // Full-width stop and slash, a division slash, and letters that look like others.
    "\u{ff0e}\u{ff0e}\u{ff0f}",
    "\u{2215}\u{2044}",
    "\u{430}\u{435}\u{43e}",
    "\u{202e}gpj.exe",
    "\u{feff}\u{200b}",
    "\u{1b}[2J\u{1b}[31m",
    MARKUP,
    "'; DROP TABLE videos; --",
    "{{title}}${jndi:ldap://127.0.0.1:18999/a}%n%s",
    "{SnapshotCount}",
    "~root/.ssh/id_ed25519",
];

/// One of what is known to have broken others, or a mixture.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let known = prop::sample::select(&KNOWN[..]).prop_map(str::to_owned);
    let mixed = prop::collection::vec(
        prop_oneof![
            known.clone(),
            "[a-f0-9]{0,32}",
            "\\PC{0,6}",
            ".{0,6}",
            "[\\x00-\\x1f]{1,3}"
        ],
        1..4,
    );
    prop_oneof![known, mixed.prop_map(|parts| parts.concat())]
}

/// Cases enough to meet each of the known ones; nothing is kept between runs.
pub(crate) fn cases(count: u32) -> ProptestConfig {
    ProptestConfig {
        cases: count,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}
