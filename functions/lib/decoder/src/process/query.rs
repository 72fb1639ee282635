//! Short runs whose output fits in memory: questions to a program about itself.

use super::process_group::ProcessGroup;
use super::sandbox::{ResourceLimits, Sandbox, confine};
use std::io::{self, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A list of decoders is 40 KB.
const MOST_BYTES: u64 = 1 << 20;

/// How long a program may seem to be written still.
const BUSY_FOR: Duration = Duration::from_secs(2);

/// What a program said.
pub(crate) struct QueryOutput {
    pub(crate) success: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs `command` without input for at most `patience`.
#[cfg_attr(not(feature = "download"), allow(dead_code))]
pub(crate) fn output(command: &mut Command, patience: Duration) -> io::Result<QueryOutput> {
    let mut child = start(command, Stdio::null())?;
    let outputs = OutputReaders::of(&mut child);
    outputs.until_the_end(ProcessGroup::new(child), patience)
}

/// The same of a decoder: in the sandbox, and fed with `input`, which must fit in a pipe.
pub(crate) fn confined_output(
    command: &mut Command,
    sandbox: Sandbox,
    input: &[u8],
    patience: Duration,
) -> io::Result<QueryOutput> {
    let duty = confine(command, sandbox, None, ResourceLimits::FOR_QUESTIONS)?;
    let mut child = start(command, pipe_with(input)?)?;
    let outputs = OutputReaders::of(&mut child);
    // Ended by it, whatever fails from here on.
    let group = ProcessGroup::guarded(child)?;
    duty.begin()?;
    outputs.until_the_end(group, patience)
}

/// A pipe that holds `input` and then ends.
pub(crate) fn pipe_with(input: &[u8]) -> io::Result<Stdio> {
    let (reader, mut writer) = io::pipe()?;
    writer.write_all(input)?;
    Ok(reader.into())
}

/// Starts `command` as the leader of a group, with its outputs to be read.
pub(crate) fn start(command: &mut Command, stdin: Stdio) -> io::Result<Child> {
    command
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    spawn(command, Instant::now() + BUSY_FOR)
}

/// Waits for the end of a decoder.
pub(crate) fn finish(mut child: Child, patience: Duration) -> io::Result<QueryOutput> {
    let outputs = OutputReaders::of(&mut child);
    outputs.until_the_end(ProcessGroup::guarded(child)?, patience)
}

/// What reads the outputs.
struct OutputReaders {
    stdout: JoinHandle<String>,
    stderr: JoinHandle<String>,
}

impl OutputReaders {
    fn of(child: &mut Child) -> Self {
        Self {
            stdout: collect(child.stdout.take()),
            stderr: collect(child.stderr.take()),
        }
    }

    fn until_the_end(self, mut group: ProcessGroup, patience: Duration) -> io::Result<QueryOutput> {
        let until = Instant::now() + patience;
        let status = loop {
            match group.try_wait()? {
                Some(status) => break status,
                None if Instant::now() > until => return Err(io::ErrorKind::TimedOut.into()),
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        };
        Ok(QueryOutput {
            success: status.success(),
            stdout: text(self.stdout),
            stderr: text(self.stderr),
        })
    }
}

/// A file written a moment ago counts as open for writing for as long as a process that another
/// thread starts has not yet become what it is to be.
fn spawn(command: &mut Command, until: Instant) -> io::Result<Child> {
    loop {
        match command.spawn() {
            Err(error)
                if error.kind() == io::ErrorKind::ExecutableFileBusy && Instant::now() < until =>
            {
                std::thread::sleep(Duration::from_millis(5));
            }
            result => return result,
        }
    }
}

fn collect(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // What came before an error is what there is to show.
            let _ = pipe.take(MOST_BYTES).read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

fn text(reader: JoinHandle<String>) -> String {
    reader.join().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_hangs_is_ended() {
        let mut command = Command::new("sleep");
        let error = output(command.arg("600"), Duration::from_millis(50))
            .err()
            .unwrap();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[test]
    fn a_program_still_open_for_writing_is_tried_again() {
        use std::os::unix::fs::OpenOptionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("program");
        let mut options = std::fs::OpenOptions::new();
        let mut file = options
            .write(true)
            .create(true)
            .mode(0o755)
            .open(&path)
            .unwrap();
        file.write_all(b"#!/bin/sh\necho here\n").unwrap();
        let closing = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(100));
            drop(file);
        });
        let said = output(&mut Command::new(&path), Duration::from_secs(9)).unwrap();
        assert_eq!(said.stdout, "here\n");
        closing.join().unwrap();
    }

    #[test]
    fn both_outputs_and_the_result_come_back() {
        let mut command = Command::new("sh");
        let said = output(
            command.args(["-c", "echo a; echo b >&2; false"]),
            Duration::from_secs(9),
        );
        let said = said.unwrap();
        assert_eq!(
            (said.success, &*said.stdout, &*said.stderr),
            (false, "a\n", "b\n")
        );
    }
}
