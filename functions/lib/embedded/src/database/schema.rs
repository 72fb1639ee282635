//! The schema: migrations run in order, `user_version` says how many have run.

use crate::error::StoreError;
use rusqlite::{Connection, TransactionBehavior};
use std::path::Path;

/// Append only: a migration that was released is never changed.
const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/0001_first.sql"),
    include_str!("../../migrations/0002_trials.sql"),
    include_str!("../../migrations/0003_receivers_and_retention.sql"),
    include_str!("../../migrations/0004_client_tokens.sql"),
    include_str!("../../migrations/0005_places_and_progress.sql"),
    include_str!("../../migrations/0006_video_lists.sql"),
    include_str!("../../migrations/0007_uploads.sql"),
    include_str!("../../migrations/0008_one_url_of_two_files.sql"),
    include_str!("../../migrations/0009_lane_of_deletions.sql"),
    include_str!("../../migrations/0010_urls_in_any_spelling.sql"),
    include_str!("../../migrations/0011_counts.sql"),
    include_str!("../../migrations/0012_lists.sql"),
];

/// The format this program reads and writes.
#[allow(clippy::cast_possible_wrap, reason = "there are few migrations")]
pub(crate) const VERSION: i64 = MIGRATIONS.len() as i64;

/// Brings a database of any known format to [`VERSION`].
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let found = version(connection).map_err(StoreError::database(path))?;
    let done = match usize::try_from(found) {
        Ok(done) if done <= MIGRATIONS.len() => done,
        _ => return Err(too_new(path, found)),
    };
    for (index, migration) in MIGRATIONS.iter().enumerate().skip(done) {
        run(connection, migration, index + 1).map_err(StoreError::database(path))?;
    }
    Ok(())
}

/// Whether a database can be read as it is.
pub(crate) fn check(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    match version(connection).map_err(StoreError::database(path))? {
        VERSION => Ok(()),
        found if (0..VERSION).contains(&found) => Err(StoreError::TooOld {
            path: path.to_owned(),
            found,
            known: VERSION,
        }),
        found => Err(too_new(path, found)),
    }
}

fn too_new(path: &Path, found: i64) -> StoreError {
    StoreError::TooNew {
        path: path.to_owned(),
        found,
        known: VERSION,
    }
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// The migration and its number in one transaction: killed between, it has not run.
fn run(connection: &mut Connection, migration: &str, number: usize) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(migration)?;
    transaction.execute_batch(&format!("PRAGMA user_version = {number}"))?;
    transaction.commit()
}
