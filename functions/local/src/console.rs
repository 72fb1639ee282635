//! Lines on the terminal.
//!
//! A server's standard error is its log, read by programs: from the moment it has one, whatever is
//! said about the run is a line of the log.

use crate::printable;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use tracing::{error, info};

/// Whether this process has a log.
static HAS_LOG: AtomicBool = AtomicBool::new(false);

/// From now on [`note`] and [`fail`] write to the log, and so does a panic of any thread.
pub(crate) fn write_to_log() {
    HAS_LOG.store(true, Ordering::Relaxed);
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        let thread = std::thread::current();
        let payload = panic.payload();
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let cause = text.unwrap_or("no message");
        let backtrace = std::backtrace::Backtrace::capture();
        let backtrace = match backtrace.status() {
            std::backtrace::BacktraceStatus::Captured => Some(backtrace.to_string()),
            _ => None,
        };
        let (place, backtrace) = (place.as_deref(), backtrace.as_deref());
        error!(place, thread = thread.name(), backtrace, "panic: {cause}");
    }));
}

/// Says a line about the run on stderr. A closed stderr is no reason to stop.
pub(crate) fn note(line: &str) {
    match HAS_LOG.load(Ordering::Relaxed) {
        true => info!("{line}"),
        false => plain(line),
    }
}

/// Says on stderr why the program ends.
pub(crate) fn fail(cause: &str) {
    match HAS_LOG.load(Ordering::Relaxed) {
        true => error!("{cause}"),
        false => plain(&format!("vod-snapshot: {cause}")),
    }
}

/// Prints a line on stderr as it is, beside any log.
pub(crate) fn plain(line: &str) {
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
