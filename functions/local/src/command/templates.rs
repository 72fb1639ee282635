//! The file of `serve --templates`.

use crate::error::CommandError;
use service::templates_file::{self, GivenTemplate};
use std::path::Path;

/// The templates of a file, each checked.
pub(super) fn read(path: &Path, max_snapshots: u32) -> Result<Vec<GivenTemplate>, CommandError> {
    let text = std::fs::read_to_string(path).map_err(CommandError::file(path))?;
    templates_file::read(&text, max_snapshots).map_err(|cause| CommandError::Templates {
        path: path.to_owned(),
        cause,
    })
}
