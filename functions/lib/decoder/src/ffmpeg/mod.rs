//! The ffmpeg in use: where it was found and what it can do.

#[cfg_attr(not(feature = "download"), allow(dead_code))]
mod cache;
#[cfg_attr(not(feature = "download"), allow(dead_code))]
mod checksum;
#[cfg(feature = "download")]
mod download;
mod inspect;
mod inspection_memory;
mod locate;
#[cfg_attr(not(feature = "download"), allow(dead_code))]
mod owner;
mod parts;
#[cfg_attr(not(feature = "download"), allow(dead_code))]
mod pip;
mod private_folder;
mod trial;
mod version;
#[cfg(feature = "download")]
mod wheel;

pub use locate::{LocateError, Search, locate};
pub use version::Version;

use crate::pool::DecoderPool;
use crate::process::sandbox::Sandbox;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;

/// A usable ffmpeg.
#[derive(Debug, Clone)]
pub struct Ffmpeg {
    /// The program.
    pub path: PathBuf,
    /// As it says itself.
    pub version: Version,
    /// Where it came from.
    pub origin: Origin,
    /// What of the sandbox holds around it on this machine.
    pub sandbox: Sandbox,
    /// How many of its processes may run at once.
    pub pool: DecoderPool,
}

/// Where an ffmpeg came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// Named by the user.
    Given,
    /// Found in PATH.
    Path,
    /// Kept from an earlier download.
    Cache,
    /// Downloaded now from its builders: their latest build, which no checksum pins.
    Download,
    /// Unpacked now from a Python wheel whose checksum is known.
    Wheel,
}

impl fmt::Display for Ffmpeg {
    /// One line, such as `ffmpeg 5.1.9 from PATH (/usr/bin/ffmpeg)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "ffmpeg {} {} ({})",
            self.version,
            self.origin,
            self.path.display()
        )
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Given => "as given",
            Self::Path => "from PATH",
            Self::Cache => "from the cache",
            Self::Download => "just downloaded, an unpinned build",
            Self::Wheel => "just unpacked from a pinned Python wheel",
        })
    }
}
