//! One file that is there whole or not at all.

use super::leftovers::{self, Unfinished};
use crate::command::snapshot::interrupt::Interrupt;
use crate::error::CommandError;
use std::io::Write;
use std::path::Path;

/// Writes `bytes` beside `path`, and gives it that name once they are there.
pub(super) fn write(path: &Path, bytes: &[u8], interrupt: &Interrupt) -> Result<(), CommandError> {
    let failed = |cause| CommandError::File {
        path: path.to_owned(),
        cause,
    };
    let Unfinished(mut file) = leftovers::create_in(folder_of(path)).map_err(failed)?;
    let temporary = file.path().to_owned();
    interrupt.with_partial(&temporary, || {
        file.write_all(bytes).map_err(failed)?;
        file.persist(path)
            .map(drop)
            .map_err(|refused| failed(refused.error))
    })
}

/// The folder that a file lies in.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
