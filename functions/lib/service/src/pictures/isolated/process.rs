//! The child as a process: started, and never left behind.

use super::ARGUMENT;
use crate::pictures::Engine;
use decoder::TemporaryFolder;
use rustix::process::{Pid, Signal, kill_process_group};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::marker::PhantomData;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// What is kept of what it said on stderr: the end of a panic's report.
const STDERR_BYTES: usize = 2048;
/// A killed process is gone at once, unless the system itself is stuck.
const REAPED_WITHIN: Duration = Duration::from_secs(2);

/// A child that leads a process group of its own; killed and reaped when dropped. Its decoders
/// have groups of their own, and end with it.
#[derive(Debug)]
pub(super) struct Process {
    /// None once it is reaped.
    child: Option<Child>,
    said: Receiver<String>,
    /// Its folder for temporary files, gone with it.
    _folder: TemporaryFolder,
    /// Never leaves the thread that started it: the child is killed when that thread ends.
    _stays: PhantomData<*const ()>,
}

impl Process {
    /// With `file` open as its stdout; and the other end of its stdin.
    pub(super) fn start(engine: &Engine, file: Option<&File>) -> io::Result<(Self, UnixStream)> {
        let (ours, theirs) = UnixStream::pair()?;
        let stdout = match file {
            Some(file) => Stdio::from(file.try_clone()?),
            None => Stdio::null(),
        };
        let folder = TemporaryFolder::new()?;
        let mut child = Command::new(&engine.executable)
            .arg(ARGUMENT)
            .env_clear()
            .env("TMPDIR", folder.path())
            .process_group(0)
            .stdin(OwnedFd::from(theirs))
            .stdout(stdout)
            .stderr(Stdio::piped())
            .spawn()?;
        let said = last_words(child.stderr.take());
        let process = Self {
            child: Some(child),
            said,
            _folder: folder,
            _stays: PhantomData,
        };
        Ok((process, ours))
    }

    /// How it ended, once it has, within `patience`.
    fn ended(&mut self, patience: Duration) -> Option<ExitStatus> {
        let until = Instant::now() + patience;
        let child = self.child.as_mut()?;
        loop {
            match child.try_wait() {
                Ok(Some(status)) => {
                    self.child = None;
                    return Some(status);
                }
                Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(2)),
                _ => return None,
            }
        }
    }

    /// Gives it `patience` to end by itself, then ends it; how it came to its end, in words.
    pub(super) fn end(&mut self, patience: Duration) -> String {
        let (status, by_itself) = match self.ended(patience) {
            Some(status) => (Some(status), true),
            None => (self.kill(), false),
        };
        let mut text = match status {
            _ if !by_itself => "it had to be ended".to_owned(),
            Some(status) => words(status),
            None => "nobody knows how it ended".to_owned(),
        };
        // The pipe ends with the process.
        if let Ok(said) = self.said.recv_timeout(Duration::from_millis(200))
            && !said.is_empty()
        {
            text.push_str(": ");
            text.push_str(&said);
        }
        text
    }

    fn kill(&mut self) -> Option<ExitStatus> {
        let child = self.child.as_mut()?;
        if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(pid, Signal::KILL);
        }
        // The group may not be there yet.
        let _ = child.kill();
        let status = self.ended(REAPED_WITHIN);
        if let Some(mut stuck) = self.child.take() {
            tracing::warn!("a child that was killed has not ended");
            std::thread::spawn(move || stuck.wait());
        }
        status
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn words(status: ExitStatus) -> String {
    match (status.signal(), status.code()) {
        (Some(signal), _) => format!("it was ended by signal {signal}"),
        (None, Some(code)) => format!("it ended with exit code {code}"),
        (None, None) => "it ended".to_owned(),
    }
}

/// The end of what it says on stderr, in one line.
fn last_words(pipe: Option<ChildStderr>) -> Receiver<String> {
    let (said, hearing) = channel();
    std::thread::spawn(move || {
        let mut kept = VecDeque::new();
        if let Some(mut pipe) = pipe {
            let mut part = [0; 512];
            while let Ok(read @ 1..) = pipe.read(&mut part) {
                kept.extend(&part[..read]);
                let surplus = kept.len().saturating_sub(STDERR_BYTES);
                kept.drain(..surplus);
            }
        }
        let text = String::from_utf8_lossy(&Vec::from(kept)).into_owned();
        let _ = said.send(text.split_whitespace().collect::<Vec<_>>().join(" "));
    });
    hearing
}
