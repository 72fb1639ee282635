//! The folder for what this program keeps between runs.

use super::owner;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// A folder that nobody but this user may write, once it is made.
#[derive(Debug, Clone)]
pub(super) struct PrivateFolder(PathBuf);

impl PrivateFolder {
    /// Ours in the user's folder for caches.
    pub(super) fn in_cache(root: &Path) -> Self {
        Self(root.join("vod-snapshot"))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// The folder, made if it is not there, is this user's alone.
    pub(super) fn make(&self) -> Result<(), String> {
        let text = |error: io::Error| error.to_string();
        let mut builder = DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(&self.0).map_err(text)?;
        let folder = self.0.canonicalize().map_err(text)?;
        owner::check_way_to(&folder)?;
        owner::keep_others_out(&folder)
    }
}
