//! Connections, set up.

use super::schema;
use crate::error::StoreError;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// Another process that reads may hold the file for a moment.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Statements kept prepared; there are about forty.
const STATEMENTS: usize = 64;

/// What each connection keeps of the file in memory. The system keeps the rest for all of them;
/// SQLite's own default, 2 MB for each of five, would be most of an idle server's memory.
const CACHE_KB: i64 = 512;

/// Of every connection: each is used by one thread at a time, and follows no symlink.
const COMMON: OpenFlags = OpenFlags::SQLITE_OPEN_NO_MUTEX.union(OpenFlags::SQLITE_OPEN_NOFOLLOW);

/// The one connection that writes, its schema up to date.
///
/// `synchronous=FULL` syncs the log at every commit: what is committed survives a loss of power.
pub(crate) fn open_for_writing(path: &Path) -> Result<Connection, StoreError> {
    let set_up = || {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | COMMON;
        let connection = Connection::open_with_flags(path, flags)?;
        prepare(&connection)?;
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        Ok(connection)
    };
    let mut connection = set_up().map_err(StoreError::database(path))?;
    schema::migrate(&mut connection, path)?;
    Ok(connection)
}

/// A connection that can't write.
pub(crate) fn open_for_reading(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | COMMON;
    let connection = Connection::open_with_flags(path, flags)?;
    prepare(&connection)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // A negative number counts KB, a positive one pages.
    connection.pragma_update(None, "cache_size", -CACHE_KB)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}
