//! One file that is there whole or not at all.

use crate::command::snapshot::interrupt::Interrupt;
use crate::error::CommandError;
use std::fs::Permissions;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::Builder;

/// What the names of unfinished files begin with.
const TEMPORARY_PREFIX: &str = ".vod-snapshot-";

/// Writes `bytes` beside `path`, and gives it that name once they are there.
pub(super) fn write(path: &Path, bytes: &[u8], interrupt: &Interrupt) -> Result<(), CommandError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let failed = |cause| CommandError::File {
        path: path.to_owned(),
        cause,
    };
    let mut file = Builder::new()
        .prefix(TEMPORARY_PREFIX)
        // What any program gives a new file; the umask takes its part.
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)
        .map_err(failed)?;
    let temporary = file.path().to_owned();
    interrupt.with_partial(&temporary, || {
        file.write_all(bytes).map_err(failed)?;
        file.persist(path)
            .map(drop)
            .map_err(|refused| failed(refused.error))
    })
}
