//! One run of ffmpeg of which all that it gives is kept.

use crate::DecoderError;
use crate::process::{
    Activity, Invocation, LineSink, StderrLog, Watchdog, for_each_line, spawn_stderr_reader,
};
use std::io::{self, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{ChildStdout, ExitStatus};
use std::thread::JoinHandle;

/// What a run came to.
pub struct CapturedRun<O, E> {
    /// Gathered from stdout.
    pub out: O,
    /// Gathered from stderr.
    pub err: E,
    /// What ffmpeg complained of.
    pub diagnostics: StderrLog,
    /// How it ended; not by a signal.
    pub status: ExitStatus,
}

/// Runs `invocation` to its end.
pub fn capture<O: LineSink, E: LineSink>(
    invocation: Invocation,
    watch: &mut Watchdog,
    out: O,
    err: E,
) -> Result<CapturedRun<O, E>, DecoderError> {
    capture_fed(invocation, watch, out, err, Vec::new())
}

/// Runs `invocation` to its end with `stream` on its stdin.
pub fn capture_fed<O: LineSink, E: LineSink>(
    invocation: Invocation,
    watch: &mut Watchdog,
    mut out: O,
    err: E,
    stream: Vec<u8>,
) -> Result<CapturedRun<O, E>, DecoderError> {
    let lines = move |pipe: ChildStdout, activity: &Activity| {
        for_each_line(pipe, |line| {
            activity.made();
            out.line(line);
            if out.is_full() {
                activity.has_enough();
            }
        })?;
        Ok(out)
    };
    run_to_end(invocation, watch, lines, err, stream)
}

/// Runs `invocation` to its end with `stream` on its stdin. What it writes is kept as it is; none of
/// more than `most` bytes.
pub(crate) fn capture_bytes<E: LineSink>(
    invocation: Invocation,
    watch: &mut Watchdog,
    most: usize,
    stream: Vec<u8>,
    err: E,
) -> Result<CapturedRun<Option<Vec<u8>>, E>, DecoderError> {
    let bytes = move |mut pipe: ChildStdout, activity: &Activity| {
        let (mut bytes, mut part) = (Vec::new(), vec![0; 1 << 16]);
        loop {
            let read = match pipe.read(&mut part) {
                Ok(0) => return Ok(Some(bytes)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            activity.made();
            if bytes.len() + read > most {
                activity.has_enough();
                return Ok(None);
            }
            bytes.extend_from_slice(&part[..read]);
        }
    };
    run_to_end(invocation, watch, bytes, err, stream)
}

fn run_to_end<O: Send + 'static, E: LineSink>(
    invocation: Invocation,
    watch: &mut Watchdog,
    read: impl FnOnce(ChildStdout, &Activity) -> io::Result<O> + Send + 'static,
    err: E,
    stream: Vec<u8>,
) -> Result<CapturedRun<O, E>, DecoderError> {
    let mut running = invocation.start()?;
    running.watched_by(watch);
    let stderr = spawn_stderr_reader(running.stderr.take(), watch.activity.clone(), err);
    let (stdout, activity) = (running.stdout.take(), watch.activity.clone());
    let reader = std::thread::spawn(move || {
        let pipe = stdout.ok_or_else(|| io::Error::other("ffmpeg has no output"))?;
        read(pipe, &activity)
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
        (Err(_), Some(ended)) if watch.activity.is_enough() => ended?,
        (waited, _) => waited?,
    };
    let out = join(reader)??;
    let (diagnostics, err) = join(stderr)?;
    if let Some(signal) = status.signal().filter(|_| !watch.activity.is_enough()) {
        return Err(DecoderError::signalled(signal));
    }
    Ok(CapturedRun {
        out,
        err,
        diagnostics,
        status,
    })
}

/// A reader that panicked is our fault, not the video's.
fn join<T>(reader: JoinHandle<T>) -> io::Result<T> {
    reader
        .join()
        .map_err(|_| io::Error::other("a reader of ffmpeg's output failed"))
}
