//! The events of a data folder, read beside the server that writes them.

use super::event;
use crate::database::{check_schema, open_for_reading};
use crate::error::StoreError;
use crate::folder::database_path;
use rusqlite::Connection;
use service::model::Event;
use std::path::{Path, PathBuf};

/// Reads events in the order they were published.
#[derive(Debug)]
pub struct EventLog {
    path: PathBuf,
    connection: Connection,
}

impl EventLog {
    /// The log of the data folder `data_dir`, whether or not a server runs on it.
    ///
    /// # Errors
    /// There is no database, it can't be read, or its format is not this program's.
    pub fn open_read_only(data_dir: &Path) -> Result<Self, StoreError> {
        let path = database_path(data_dir);
        if !path.is_file() {
            return Err(StoreError::NoData {
                path: data_dir.to_owned(),
            });
        }
        // The name that was given may lead through symlinks; the database itself may not.
        let path = match data_dir.canonicalize() {
            Ok(data_dir) => database_path(&data_dir),
            Err(cause) => return Err(StoreError::Folder { path, cause }),
        };
        let connection = open_for_reading(&path).map_err(StoreError::database(&path))?;
        check_schema(&connection, &path)?;
        Ok(Self { path, connection })
    }

    /// At most `limit` events after the number `after` (0: from the first), each with its
    /// number.
    ///
    /// # Errors
    /// The database did not answer.
    pub fn events_after(&self, after: i64, limit: usize) -> Result<Vec<(i64, Event)>, StoreError> {
        self.select(after, limit)
            .map_err(StoreError::database(&self.path))
    }

    fn select(&self, after: i64, limit: usize) -> rusqlite::Result<Vec<(i64, Event)>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let select = "SELECT * FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2";
        let mut select = self.connection.prepare_cached(select)?;
        let events = select.query_map((after, limit), |row| Ok((row.get("seq")?, event(row)?)))?;
        events.collect()
    }
}
