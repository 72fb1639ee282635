//! Keys that may become paths.

use service::ports::is_object_key;
use thiserror::Error;

/// The text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "not an object key: expected segments of A-Z a-z 0-9 . _ - separated by `/`, at most 512 bytes"
)]
pub(crate) struct BadKey;

/// A relative path that stays within its folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ObjectKey(String);

impl ObjectKey {
    pub(crate) fn parse(text: &str) -> Result<Self, BadKey> {
        if is_object_key(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadKey)
        }
    }

    /// The folder it lies in; empty: the root.
    pub(crate) fn folder(&self) -> &str {
        self.0.rsplit_once('/').unwrap_or_default().0
    }

    /// The segments of the folder it lies in.
    pub(crate) fn folders(&self) -> impl Iterator<Item = &str> {
        let segments = self.folder().split('/');
        segments.filter(|segment| !segment.is_empty())
    }

    /// Its last segment.
    pub(crate) fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }

    /// By its ending.
    pub(crate) fn content_type(&self) -> &'static str {
        match self.0.rsplit_once('.').map(|(_, ending)| ending) {
            Some("jpg" | "jpeg") => "image/jpeg",
            Some("gif") => "image/gif",
            Some("webp") => "image/webp",
            Some("json") => "application/json",
            Some("vtt") => "text/vtt",
            Some("m3u8") => "application/vnd.apple.mpegurl",
            Some("mpd") => "application/dash+xml",
            Some("xml") => "application/xml",
            _ => "application/octet-stream",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::ObjectKey;
    use proptest::prelude::*;

    fn hostile_key() -> impl Strategy<Value = String> {
        let part = prop_oneof![
            Just("..".to_owned()),
            Just(".".to_owned()),
            Just("/".to_owned()),
            Just("//".to_owned()),
            Just("\0".to_owned()),
            Just("%2e%2e".to_owned()),
            "[a-z.\\\\~]{0,4}",
            "\\PC{0,3}",
        ];
        prop::collection::vec(part, 0..6).prop_map(|parts| parts.join("/"))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_key_is_a_plain_path_below_its_folder(text in prop_oneof![hostile_key(), ".{0,20}"]) {
            let Ok(key) = ObjectKey::parse(&text) else { return Ok(()) };
            let path = std::path::Path::new(&key.0);
            prop_assert_eq!(path.to_str(), Some(text.as_str()));
            prop_assert!(path.components().all(|part| matches!(part, std::path::Component::Normal(_))));
            prop_assert!(!text.contains("//") && !text.ends_with('/') && text.is_ascii());
            prop_assert!(!text.contains(['\0', '\\', '%', ' ', ':']));
        }

        #[test]
        fn good_keys_are_taken(text in "[A-Za-z0-9_-][A-Za-z0-9._-]{0,30}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,30}){0,5}") {
            prop_assert!(ObjectKey::parse(&text).is_ok());
        }
    }
}
