//! The bytes of all files of a job.

use super::checkpoint::Checkpoint;
use super::failure::Interrupted;
use super::file::{Emit, OutputFile, PassOutput};
use artifacts::key::served;
use media::MediaError;
use plan::{Budget, Limits};

/// What one pass over a video has given away, of what it may.
pub(super) struct OutputBudget<'a> {
    limits: &'a Limits,
    bytes: u64,
    over: Option<Interrupted>,
}

impl<'a> OutputBudget<'a> {
    /// Beside what an earlier run has stored.
    pub(super) fn new(limits: &'a Limits, done: &Checkpoint) -> Self {
        let pictures = done.pictures.values().map(|picture| picture.bytes);
        let sheets = done.sheets.iter().map(|sheet| sheet.bytes);
        let bytes = pictures.chain(sheets).sum();
        let over = limits.check(Budget::OutputBytes, bytes).err();
        Self {
            limits,
            bytes,
            over: over.map(|over| MediaError::from(over).into()),
        }
    }

    /// Gives `file` to `emit` unless that would be too much; whether it was taken.
    pub(super) fn give(&mut self, file: OutputFile, emit: &mut Emit<'_>) -> bool {
        // What is kept until a job has ended is no file of it.
        if served(&file.key).is_some() {
            self.bytes = self.bytes.saturating_add(file.bytes.len() as u64);
        }
        if let Err(over) = self.limits.check(Budget::OutputBytes, self.bytes) {
            self.over = Some(MediaError::from(over).into());
            return false;
        }
        emit(PassOutput::File(file))
    }

    /// Why nothing more was taken, where that was too much.
    pub(super) fn over(self) -> Option<Interrupted> {
        self.over
    }
}
