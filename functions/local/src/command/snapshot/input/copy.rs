//! A bounded copy of what can only be read from its front to its end.

use crate::command::snapshot::interrupt::Interrupt;
use crate::command::snapshot::interrupt::stopped;
use crate::error::CommandError;
use crate::terminal_progress::TerminalProgress;
use plan::{Budget, LimitExceeded, Limits};
use source::{FileSource, RangeSource};
use std::io::{self, Read, Write};
use std::os::fd::AsRawFd;
use std::path::Path;
use std::sync::Arc;

/// Copied in parts of this size.
const PART_BYTES: usize = 256 << 10;

/// Copies `from` to a file that has no name, and goes with this process however that ends.
pub(super) fn copied(
    shown: &str,
    from: &mut dyn Read,
    length_bytes: Option<u64>,
    limits: &Limits,
    interrupt: &Interrupt,
) -> Result<Arc<dyn RangeSource>, CommandError> {
    let failed = |cause: io::Error| CommandError::Video(format!("{shown}: {cause}"));
    let over = |over: LimitExceeded| CommandError::Video(format!("{shown}: {over}"));
    limits
        .check(Budget::CopiedBytes, length_bytes.unwrap_or(0))
        .map_err(over)?;
    let mut file = tempfile::tempfile().map_err(failed)?;
    let progress = TerminalProgress::bytes(length_bytes);
    let (mut part, mut bytes) = (vec![0; PART_BYTES], 0_u64);
    loop {
        if let Some(signal) = interrupt.signal() {
            return Err(stopped(signal, interrupt.kept()));
        }
        let came = match from.read(&mut part) {
            Ok(0) => break,
            Ok(came) => came,
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
            Err(cause) => return Err(failed(cause)),
        };
        bytes += came as u64;
        limits.check(Budget::CopiedBytes, bytes).map_err(over)?;
        file.write_all(&part[..came]).map_err(failed)?;
        progress.advance(came);
    }
    if length_bytes.is_some_and(|length| length != bytes) {
        return Err(failed(io::Error::other(
            "another number of bytes came than the server said",
        )));
    }
    // It has no other name.
    let path = format!("/proc/self/fd/{}", file.as_raw_fd());
    let source = FileSource::open(Path::new(&path));
    Ok(Arc::new(source.map_err(|cause| {
        CommandError::Video(format!("{shown}: {cause}"))
    })?))
}
