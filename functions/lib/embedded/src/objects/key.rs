//! Keys that may become paths.

use std::path::Path;
use thiserror::Error;

/// Bytes of a key.
const LONGEST: usize = 512;
/// Bytes of a file's name, on any file system that matters.
const LONGEST_SEGMENT: usize = 255;

/// The text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a key: `/` between segments of A-Z a-z 0-9 . _ -, at most 512 bytes")]
pub(crate) struct BadKey;

/// A relative path that stays within its folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key(String);

impl Key {
    pub(crate) fn parse(text: &str) -> Result<Self, BadKey> {
        let good = text.len() <= LONGEST && text.split('/').all(is_segment);
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadKey)
        }
    }

    pub(crate) fn as_path(&self) -> &Path {
        Path::new(&self.0)
    }

    /// The segments of the folder it lies in.
    pub(crate) fn folders(&self) -> impl Iterator<Item = &str> {
        let (folder, _) = self.0.rsplit_once('/').unwrap_or_default();
        folder.split('/').filter(|segment| !segment.is_empty())
    }

    /// By its ending.
    pub(crate) fn content_type(&self) -> &'static str {
        match self.0.rsplit_once('.').map(|(_, ending)| ending) {
            Some("jpg" | "jpeg") => "image/jpeg",
            Some("json") => "application/json",
            Some("vtt") => "text/vtt",
            _ => "application/octet-stream",
        }
    }
}

fn is_segment(segment: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let length = 1..=LONGEST_SEGMENT;
    length.contains(&segment.len())
        && segment != "."
        && segment != ".."
        && segment.bytes().all(allowed)
}
