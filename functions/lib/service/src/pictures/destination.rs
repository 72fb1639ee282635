//! Where the files of a task go, and what that asks of them.

use super::kept_cells::KeptCells;
use serde::{Deserialize, Serialize};

/// Where files go.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub enum Destination {
    /// Into a folder, all in one run: under the names that players look for.
    #[default]
    Folder,
    /// Under keys of a store: each file once, and so that another run can go on.
    Store {
        /// What earlier runs kept of sheets that are done; none where nothing was.
        kept: Option<KeptCells>,
    },
}

impl Destination {
    pub(super) fn is_folder(&self) -> bool {
        matches!(self, Self::Folder)
    }

    /// The cells of the sheet of this index, from 1, as they were kept.
    pub(super) fn cells(&self, sheet: u32) -> Option<Vec<u8>> {
        match self {
            Self::Folder | Self::Store { kept: None } => None,
            Self::Store { kept: Some(kept) } => kept.read(sheet),
        }
    }
}
