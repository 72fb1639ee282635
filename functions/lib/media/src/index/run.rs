//! One run of ffmpeg whose outputs are text.

use crate::MediaError;
use crate::process::{Complaints, Gather, Invocation, Watch, drain, for_each_line};
use std::io::{self, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::thread::JoinHandle;

/// What a run came to.
pub(crate) struct Finished<O, E> {
    /// Gathered from stdout.
    pub(crate) out: O,
    /// Gathered from stderr.
    pub(crate) err: E,
    pub(crate) complaints: Complaints,
    pub(crate) status: ExitStatus,
}

/// Runs `invocation` to its end.
pub(crate) fn run<O: Gather, E: Gather>(
    invocation: Invocation,
    watch: &mut Watch,
    out: O,
    err: E,
) -> Result<Finished<O, E>, MediaError> {
    run_fed(invocation, watch, out, err, Vec::new())
}

/// Runs `invocation` to its end with `stream` on its stdin.
pub(crate) fn run_fed<O: Gather, E: Gather>(
    invocation: Invocation,
    watch: &mut Watch,
    mut out: O,
    err: E,
    stream: Vec<u8>,
) -> Result<Finished<O, E>, MediaError> {
    let mut running = invocation.start()?;
    watch.begun(&running);
    let stderr = drain(running.stderr.take(), watch.progress.clone(), err);
    let (stdout, progress) = (running.stdout.take(), watch.progress.clone());
    let reader = std::thread::spawn(move || {
        if let Some(pipe) = stdout {
            for_each_line(pipe, |line| {
                progress.made();
                out.line(line);
                if out.is_full() {
                    progress.has_enough();
                }
            })?;
        }
        io::Result::Ok(out)
    });
    let feeder = running.stdin.take().map(|mut stdin| {
        // A decoder that reads no more says itself why.
        std::thread::spawn(move || drop(stdin.write_all(&stream)))
    });
    let waited = running.group.wait(watch);
    // The feeder may wait for a decoder that reads no more.
    let ended = waited.is_err().then(|| running.group.end());
    feeder.map_or(Ok(()), join)?;
    let status = match (waited, ended) {
        (Err(_), Some(ended)) if watch.progress.is_enough() => ended?,
        (waited, _) => waited?,
    };
    let out = join(reader)??;
    let (complaints, err) = join(stderr)?;
    if let Some(signal) = status.signal().filter(|_| !watch.progress.is_enough()) {
        return Err(MediaError::broken_down(signal));
    }
    Ok(Finished {
        out,
        err,
        complaints,
        status,
    })
}

/// A reader that panicked is our fault, not the video's.
pub(crate) fn join<T>(reader: JoinHandle<T>) -> io::Result<T> {
    reader
        .join()
        .map_err(|_| io::Error::other("a reader of ffmpeg's output failed"))
}
