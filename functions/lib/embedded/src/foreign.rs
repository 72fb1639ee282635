//! What in a data folder is not ours alone.

use thiserror::Error;

/// Why something in a data folder is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ForeignEntry {
    /// It belongs to somebody else.
    #[error(
        "belongs to user {owner}, but this server runs as user {us}: run it as that user, or choose another folder"
    )]
    Owner {
        /// Whose it is.
        owner: u32,
        /// Who we are.
        us: u32,
    },
    /// Others may put their own files in the place of ours.
    #[error("may be written by others (mode {mode:04o}): check its content, then run chmod go-w")]
    Writable {
        /// Its permissions.
        mode: u32,
    },
    /// A symlink, a pipe, a device, or a folder where a file should be.
    #[error("is not a regular {expected}: remove it")]
    Kind {
        /// What it should be.
        expected: &'static str,
    },
    /// The same file may lie elsewhere, where others write it.
    #[error("has {names} hard links: remove the others, or replace it by a copy")]
    Linked {
        /// How many.
        names: u64,
    },
}
