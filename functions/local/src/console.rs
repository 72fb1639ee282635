//! Lines on the terminal.

use crate::printable;
use std::io::{self, Write};

/// Prints a line about the run on stderr. A closed stderr is no reason to stop.
pub(crate) fn note(line: &str) {
    let _ = writeln!(io::stderr(), "{}", printable::lines(line));
}

/// Prints a line of the result on stdout. False when nobody reads it any more.
pub(crate) fn print(line: &str) -> bool {
    writeln!(io::stdout(), "{line}").is_ok()
}

/// The same, and an error where it cannot be written, such as on a full disk: a result that is not
/// there whole is none.
pub(crate) fn write_line(line: &str) -> io::Result<bool> {
    match writeln!(io::stdout(), "{line}") {
        Err(cause) if cause.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        written => written.map(|()| true),
    }
}
