//! What goes wrong with the database.

use rusqlite::ErrorCode;
use service::ports::{PortError, PortErrorKind};
use thiserror::Error;

/// Why the database gave no answer.
#[derive(Debug, Error)]
pub(crate) enum SqlError {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error("not committed: {0}")]
    NotCommitted(String),
    #[error("the database is closed")]
    Closed,
    #[error("the {0} does not exist")]
    Missing(&'static str),
    #[error("the time of the call is over")]
    TooLate,
}

impl SqlError {
    /// What it means to whoever called `port`.
    pub(super) fn of_port(self, port: &'static str) -> PortError {
        let kind = match &self {
            Self::Sqlite(cause) => kind(cause),
            Self::Missing(_) => PortErrorKind::Refused,
            Self::NotCommitted(_) | Self::Closed | Self::TooLate => PortErrorKind::Unavailable,
        };
        PortError::new(port, kind, self)
    }
}

/// A value that is not what was written is one of a row; the rest of the database is as it was. A
/// file that SQLite itself finds damaged is waited for: it may be restored.
fn kind(cause: &rusqlite::Error) -> PortErrorKind {
    use rusqlite::Error;
    match cause {
        Error::FromSqlConversionFailure(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::InvalidColumnType(..)
        | Error::Utf8Error(..) => PortErrorKind::Corrupt,
        cause if cause.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
            PortErrorKind::Refused
        }
        _ => PortErrorKind::Unavailable,
    }
}

pub(crate) type SqlResult<T> = Result<T, SqlError>;
