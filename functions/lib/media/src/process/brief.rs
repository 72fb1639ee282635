//! Short runs whose output fits in memory: questions to a program about itself.

use super::group::Group;
use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// A list of decoders is 40 KB.
const MOST_BYTES: u64 = 1 << 20;

/// What a program said.
pub(crate) struct Output {
    pub(crate) success: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs `command` without input for at most `patience`.
pub(crate) fn output(command: &mut Command, patience: Duration) -> io::Result<Output> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    let mut child = command.spawn()?;
    let (stdout, stderr) = (collect(child.stdout.take()), collect(child.stderr.take()));
    let mut group = Group::new(child);
    let until = Instant::now() + patience;
    let status = loop {
        match group.try_wait()? {
            Some(status) => break status,
            None if Instant::now() > until => return Err(io::ErrorKind::TimedOut.into()),
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    Ok(Output {
        success: status.success(),
        stdout: text(stdout),
        stderr: text(stderr),
    })
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
