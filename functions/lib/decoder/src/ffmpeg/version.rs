//! What an ffmpeg says of itself first of all.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The version of a build, as far as it can be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    text: String,
    release: Option<(u32, u32)>,
}

/// The oldest release with every option in use here (`-fps_mode`).
const OLDEST: (u32, u32) = (5, 1);

impl Version {
    /// From the first line of what it says.
    #[must_use]
    pub fn from_banner(banner: &str) -> Option<Self> {
        let text = banner.lines().next()?.strip_prefix("ffmpeg version ")?;
        let text = text.split_whitespace().next()?.to_owned();
        let release = release(&text);
        Some(Self { text, release })
    }

    /// New enough. Builds of the development branch carry no release number and count as new.
    #[must_use]
    pub fn is_recent(&self) -> bool {
        self.release.is_none_or(|release| release >= OLDEST)
    }

    /// Whether a queue of packets lies before each output, as it does since 7.0.
    pub fn queues_output(&self) -> bool {
        self.release.is_none_or(|release| release >= (7, 0))
    }

    /// Whether frames of a stream whose pixels change their shape all come with the first one, as
    /// they do since 7.0.
    pub fn keeps_first_aspect(&self) -> bool {
        self.release.is_none_or(|release| release >= (7, 0))
    }

    /// Whether it takes bitstream filters for what it reads, as it does since 7.1.
    pub fn filters_input(&self) -> bool {
        self.release.is_none_or(|release| release >= (7, 1))
    }

    /// Whether it reads an open descriptor that it inherits and can seek in it (`fd:`), as it does
    /// since 6.0.
    pub fn reads_descriptors(&self) -> bool {
        self.release.is_none_or(|release| release >= (6, 0))
    }

    /// Whether it cuts off of frames what the container says, unless it is told not to
    /// (`-apply_cropping`), as it does since 7.1.
    pub fn crops_as_containers_say(&self) -> bool {
        self.release.is_none_or(|release| release >= (7, 1))
    }

    /// Without the packager's suffix; fit for a file name.
    #[must_use]
    pub fn short(&self) -> String {
        let text = if self.release.is_some() {
            let digits = self.text.trim_start_matches('n');
            digits.split(['-', '+', '~']).next().unwrap_or(digits)
        } else {
            &self.text
        };
        text.chars()
            .filter(|c| c.is_ascii_alphanumeric() || ".-_".contains(*c))
            .collect()
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.short())
    }
}

/// `5.1.9-0+deb12u1`, `n9.0.2-17-g2a57`, `7.0.2-static` are releases; `N-112233-gabc` is none.
fn release(text: &str) -> Option<(u32, u32)> {
    let digits = text.strip_prefix('n').unwrap_or(text);
    let mut parts = digits.split(|c: char| !c.is_ascii_digit());
    let major = parts.next()?.parse().ok()?;
    // A bare date such as 2024-03-04-git is a development build as well.
    if major >= 2000 {
        return None;
    }
    let minor = parts.next().and_then(|part| part.parse().ok()).unwrap_or(0);
    Some((major, minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::from_banner(&format!(
            "ffmpeg version {text} Copyright (c) 2000-2026 x\nbuilt"
        ))
        .unwrap()
    }

    #[test]
    fn packagers_suffixes_are_dropped() {
        for (text, short) in [
            ("5.1.9-0+deb12u1", "5.1.9"),
            ("n9.0.2-17-g2a571b6068-20260930", "9.0.2"),
            ("7.0.2-static", "7.0.2"),
            ("7.1", "7.1"),
            ("N-112233-gabc", "N-112233-gabc"),
        ] {
            assert_eq!(version(text).to_string(), short);
        }
    }

    #[test]
    fn releases_before_5_1_are_old_and_development_builds_are_new() {
        for old in ["4.4.2-0ubuntu0.22.04.1", "5.0", "n4.4.4", "2.8.17"] {
            assert!(!version(old).is_recent(), "{old}");
        }
        for new in [
            "5.1.9-0+deb12u1",
            "10.0",
            "N-112233-gabc",
            "2024-03-04-git-e30369bc1c",
        ] {
            assert!(version(new).is_recent(), "{new}");
        }
    }

    #[test]
    fn another_program_has_no_version() {
        assert_eq!(Version::from_banner("bash version 5"), None);
        assert_eq!(Version::from_banner(""), None);
    }
}
