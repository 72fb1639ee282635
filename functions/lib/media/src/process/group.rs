//! A child process and all that it starts.

use super::watch::Watch;
use crate::MediaError;
use rustix::process::{Pid, Signal, kill_process_group};
use std::io;
use std::marker::PhantomData;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ExitStatus};
use std::time::Duration;

/// A child that leads a process group of its own; killed and reaped when dropped.
#[derive(Debug)]
pub(crate) struct Group {
    child: Child,
    reaped: bool,
    /// Never leaves the thread that started it: the child is killed when that thread ends.
    _stays: PhantomData<*const ()>,
}

impl Group {
    pub(crate) fn new(child: Child) -> Self {
        Self {
            child,
            reaped: false,
            _stays: PhantomData,
        }
    }

    pub(crate) fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        let status = self.child.try_wait()?;
        self.reaped |= status.is_some();
        Ok(status)
    }

    /// Waits for the end, within the deadlines of `watch`. Someone must be reading the outputs.
    pub(crate) fn wait(&mut self, watch: &mut Watch) -> Result<ExitStatus, MediaError> {
        let mut pause = Duration::from_millis(1);
        loop {
            if let Some(status) = self.try_wait()? {
                watch.spent(status.signal())?;
                return Ok(status);
            }
            std::thread::sleep(pause);
            watch.waited(pause)?;
            pause = (pause * 2).min(Duration::from_millis(10));
        }
    }

    /// Kills whatever still runs and reaps it; how the child ended.
    pub(crate) fn end(&mut self) -> io::Result<ExitStatus> {
        if !self.reaped {
            self.kill();
        }
        let status = self.child.wait()?;
        self.reaped = true;
        Ok(status)
    }

    /// Once reaped, the number may belong to another process: then it is left alone.
    fn kill(&self) {
        if let Some(pid) = self.pid() {
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }

    fn pid(&self) -> Option<Pid> {
        i32::try_from(self.child.id()).ok().and_then(Pid::from_raw)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = self.end();
    }
}
