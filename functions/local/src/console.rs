//! Lines on the terminal.

use std::io::{self, Write};

/// Prints a line about the run on stderr. A closed stderr is no reason to stop.
pub(crate) fn note(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Prints a line of the result on stdout. False when nobody reads it any more.
pub(crate) fn print(line: &str) -> bool {
    writeln!(io::stdout(), "{line}").is_ok()
}
