//! The bytes of all files of a job.

use super::failure::{Stop, code};
use super::progress::Progress;
use super::take::{Emit, File, Made};
use plan::{Budget, Limits};

/// An error where so much is more than `limits` allow.
pub(super) fn within(budget: Budget, found: u64, limits: &Limits) -> Result<(), Stop> {
    limits
        .check(budget, found)
        .map_err(|over| Stop::fail(code(budget), crate::text::sentence(&over.to_string())))
}

/// What one pass over a video has given away.
pub(super) struct Output<'a> {
    limits: &'a Limits,
    bytes: u64,
    over: Option<Stop>,
}

impl<'a> Output<'a> {
    /// Beside what an earlier run has stored.
    pub(super) fn new(limits: &'a Limits, done: &Progress) -> Self {
        let pictures = done.pictures.values().map(|picture| picture.bytes);
        let sheets = done.sheets.iter().map(|sheet| sheet.bytes);
        Self {
            limits,
            bytes: pictures.chain(sheets).sum(),
            over: None,
        }
    }

    /// Gives `file` to `emit` unless that would be too much; whether it was taken.
    pub(super) fn give(&mut self, file: File, emit: &mut Emit<'_>) -> bool {
        self.bytes = self.bytes.saturating_add(file.bytes.len() as u64);
        match within(Budget::OutputBytes, self.bytes, self.limits) {
            Ok(()) => emit(Made::File(file)),
            Err(stop) => {
                self.over = Some(stop);
                false
            }
        }
    }

    /// Why nothing more was taken, where that was too much.
    pub(super) fn over(self) -> Option<Stop> {
        self.over
    }
}
