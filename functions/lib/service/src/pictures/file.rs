//! What comes of a pass over a video, and its way to whoever stores it.

use super::checkpoint::Checkpoint;
use super::failure::Interrupted;

/// One file to store.
#[derive(Debug)]
pub struct OutputFile {
    /// Its object key.
    pub key: String,
    /// What it is.
    pub content_type: &'static str,
    /// All of it.
    pub bytes: Vec<u8>,
    /// How many files this pass over the video makes in all.
    pub of: usize,
}

/// What comes of taking pictures, piece by piece.
#[derive(Debug)]
pub enum PassOutput {
    /// A file to store.
    File(OutputFile),
    /// So much is done once all files before this are stored: another run may go on from there.
    /// What is not known here, the keys written and what was used, is for whoever keeps it.
    Checkpoint(Box<Checkpoint>),
}

/// Takes what was made; false when nobody wants any more.
pub type Emit<'a> = dyn FnMut(PassOutput) -> bool + 'a;

/// Gives a file to `emit`.
pub(super) fn give(emit: &mut Emit<'_>, file: OutputFile) -> Result<(), Interrupted> {
    let stored = emit(PassOutput::File(file));
    stored
        .then_some(())
        .ok_or_else(|| Interrupted::Retry("the pictures could not be stored".to_owned()))
}

/// Files and shots count from 1 outside, from 0 inside.
pub(super) fn number(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}
