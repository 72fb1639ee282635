//! Why a data folder can't be used.

use crate::foreign::ForeignEntry;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Why a data folder can't be used, said to the person who named it.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A folder or file in it can't be made, read or written.
    #[error("cannot use {path}: {cause}")]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// Others can change what is in it, or have.
    #[error("{path} {cause}")]
    Foreign {
        /// The data folder, or what is in it.
        path: PathBuf,
        /// How.
        cause: ForeignEntry,
    },
    /// Another process owns it.
    #[error("{path} is in use by another server")]
    InUse {
        /// The data folder.
        path: PathBuf,
    },
    /// There is no database in the folder.
    #[error("{path} has no data of a server")]
    NoData {
        /// The data folder.
        path: PathBuf,
    },
    /// The database was written by a newer program.
    #[error(
        "{path} has format {found}, but this program supports formats up to {known}: use the newer program that wrote it"
    )]
    TooNew {
        /// The database.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format this program knows.
        known: i64,
    },
    /// The database was written by an older program and only a server may bring it up to date.
    #[error(
        "{path} has format {found}, which is older than {known}: start the server once to migrate it"
    )]
    TooOld {
        /// The database.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The format this program reads.
        known: i64,
    },
    /// The database did not do as told.
    #[error("{path}: {cause}")]
    Database {
        /// The database.
        path: PathBuf,
        /// Why.
        cause: rusqlite::Error,
    },
    /// A folder of media is not there.
    #[error("cannot use the media folder {path}: {cause}")]
    MediaRoot {
        /// The folder as given.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// The system gives no random bytes for the secret that signs URLs.
    #[error("the system gives no random bytes: {0}")]
    Random(getrandom::Error),
}

impl StoreError {
    pub(crate) fn folder(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |cause| Self::Folder {
            path: path.to_owned(),
            cause,
        }
    }

    pub(crate) fn foreign(path: &Path) -> impl FnOnce(ForeignEntry) -> Self {
        move |cause| Self::Foreign {
            path: path.to_owned(),
            cause,
        }
    }

    pub(crate) fn database(path: &Path) -> impl FnOnce(rusqlite::Error) -> Self {
        move |cause| Self::Database {
            path: path.to_owned(),
            cause,
        }
    }
}
