//! What was committed for a call that had been answered otherwise by then, to be taken back before
//! anything else is written.

use super::error::{SqlError, SqlResult};
use rusqlite::Connection;
use std::time::Duration;
use tracing::{error, warn};

pub(super) type Undo = Box<dyn Fn(&Connection) -> SqlResult<()> + Send>;

/// Between tries where the store does not let us write.
const PAUSE: Duration = Duration::from_millis(100);

/// Tries after which a process that is told to end does so; the next one can't know.
const LAST_TRY: u32 = 50;

/// The first part of every transaction, until one is committed.
#[derive(Default)]
pub(super) struct Undos {
    left: Vec<Undo>,
    failures: u32,
}

impl Undos {
    pub(super) fn add(&mut self, undo: Option<Undo>) {
        if undo.is_some() {
            warn!("a call was answered before its job was kept; the job is taken back");
        }
        self.left.extend(undo);
    }

    /// How long to wait for other work; none where there is nothing to undo.
    pub(super) fn pause(&self) -> Option<Duration> {
        let pause = if self.failures == 0 {
            Duration::ZERO
        } else {
            PAUSE
        };
        (!self.left.is_empty()).then_some(pause)
    }

    pub(super) fn is_hopeless(&self) -> bool {
        self.failures >= LAST_TRY
    }

    pub(super) fn run(&self, sql: &Connection) -> rusqlite::Result<()> {
        for undo in &self.left {
            undo(sql).map_err(|cause| match cause {
                SqlError::Sqlite(cause) => cause,
                other => rusqlite::Error::ToSqlConversionFailure(other.to_string().into()),
            })?;
        }
        Ok(())
    }

    /// What became of the transaction that they were part of.
    pub(super) fn done(&mut self, committed: Result<(), &String>) {
        match committed {
            Ok(()) => *self = Self::default(),
            Err(cause) if !self.left.is_empty() => {
                error!(
                    cause,
                    "a job that nobody was told of can't be taken back yet"
                );
                self.failures = self.failures.saturating_add(1);
            }
            Err(_) => {}
        }
    }
}
