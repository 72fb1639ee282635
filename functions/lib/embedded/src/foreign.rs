//! What in a data folder is not ours alone.

use thiserror::Error;

/// Why something in a data folder is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ForeignEntry {
    /// It belongs to somebody else.
    #[error(
        "belongs to user {owner}, and this server runs as user {us}: run it as that user, or give it a folder of its own"
    )]
    Owner {
        /// Whose it is.
        owner: u32,
        /// Who we are.
        us: u32,
    },
    /// Others may put their own files in the place of ours.
    #[error("may be written by others (mode {mode:04o}): see what is in it, then chmod go-w")]
    Writable {
        /// Its permissions.
        mode: u32,
    },
    /// A symlink, a pipe, a device, or a folder where a file should be.
    #[error("is no plain {expected}: remove it, it leads elsewhere")]
    Kind {
        /// What it should be.
        expected: &'static str,
    },
    /// The same file may lie elsewhere, where others write it.
    #[error("has {names} names (hard links): remove the others, or copy it")]
    Linked {
        /// How many.
        names: u64,
    },
}
