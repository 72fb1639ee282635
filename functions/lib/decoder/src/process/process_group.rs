//! A child process and all that it starts.

use super::cpu_meter::{CpuAllowance, processor_time};
use super::thread_guard::ThreadGuard;
use super::watchdog::Watchdog;
use crate::DecoderError;
use plan::{Budget, LimitExceeded};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use std::io;
use std::marker::PhantomData;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ExitStatus};
use std::time::Duration;

/// A child that leads a process group of its own; killed and reaped when dropped.
#[derive(Debug)]
pub struct ProcessGroup {
    child: Child,
    reaped: bool,
    /// None for a program that is asked about itself.
    allowance: Option<CpuAllowance>,
    /// None for a program that is no decoder, and once it has ended.
    guard: Option<ThreadGuard>,
    /// What it went over, found when it was reaped.
    over: Option<LimitExceeded>,
    /// Never leaves the thread that started it: the child is killed when that thread ends.
    _stays: PhantomData<*const ()>,
}

impl ProcessGroup {
    /// `child` was started as the leader of a group.
    #[must_use]
    pub fn new(child: Child) -> Self {
        Self {
            child,
            reaped: false,
            allowance: None,
            guard: None,
            over: None,
            _stays: PhantomData,
        }
    }

    /// The same, of a decoder that is asked about itself: its threads are counted.
    pub(super) fn guarded(child: Child) -> io::Result<Self> {
        let mut group = Self::new(child);
        group.guard = group.pid().map(ThreadGuard::over).transpose()?;
        Ok(group)
    }

    /// The same, of a decoder that may use so much of the processor.
    pub(super) fn with_allowance(child: Child, allowance: CpuAllowance) -> io::Result<Self> {
        let mut group = Self::guarded(child)?;
        group.allowance = Some(allowance);
        Ok(group)
    }

    /// How it ended; none while it runs.
    ///
    /// # Errors
    /// The system can't say.
    pub fn try_wait(&mut self) -> io::Result<Option<ExitStatus>> {
        if !self.settle(WaitIdOptions::NOHANG) {
            return Ok(None);
        }
        let status = self.child.try_wait()?;
        self.reaped |= status.is_some();
        Ok(status)
    }

    /// Waits for the end, within the deadlines of `watch`. Someone must be reading the outputs.
    pub fn wait(&mut self, watch: &mut Watchdog) -> Result<ExitStatus, DecoderError> {
        let mut pause = Duration::from_millis(1);
        loop {
            if let Some(status) = self.try_wait()? {
                self.over.take().map_or(Ok(()), Err)?;
                watch.ended(status.signal())?;
                let was_told = status.code() == Some(255) && watch.activity.was_told_to_end();
                return DecoderError::ended_early(status.code(), was_told).map_or(Ok(status), Err);
            }
            std::thread::sleep(pause);
            watch.waited(pause)?;
            pause = (pause * 2).min(Duration::from_millis(10));
        }
    }

    /// Kills whatever still runs and reaps it; how the child ended.
    pub fn end(&mut self) -> io::Result<ExitStatus> {
        if !self.reaped {
            self.kill();
        }
        self.settle(WaitIdOptions::empty());
        let status = self.child.wait()?;
        self.reaped = true;
        Ok(status)
    }

    /// Reads what the process used between its end and its being reaped: later nobody knows.
    /// False where it has not ended, so that nobody reaps it who has not seen its end here.
    fn settle(&mut self, how: WaitIdOptions) -> bool {
        let Some(pid) = self.pid().filter(|_| !self.reaped) else {
            return true;
        };
        let options = how | WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        let ended = loop {
            match waitid(WaitId::Pid(pid), options) {
                Err(rustix::io::Errno::INTR) => {}
                ended => break ended,
            }
        };
        if matches!(ended, Ok(None)) {
            return false;
        }
        if let (Ok(Some(end)), Some(allowance)) = (&ended, self.allowance.take()) {
            self.over = allowance.used(processor_time(pid), end).err();
            if self.guard.as_ref().is_some_and(ThreadGuard::killed) {
                self.over = Some(allowance.beyond(Budget::Threads));
            }
        }
        self.guard = None;
        true
    }

    /// Once reaped, the number may belong to another process: then it is left alone.
    fn kill(&self) {
        if let Some(pid) = self.pid() {
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }

    pub(super) fn pid(&self) -> Option<Pid> {
        i32::try_from(self.child.id()).ok().and_then(Pid::from_raw)
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        let _ = self.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::{CpuMeter, JobLimits};
    use plan::Limits;
    use std::process::Command;

    /// It was taken for a crash when its end fell between a look at it and its being reaped.
    #[test]
    fn whenever_a_child_ends_it_is_known_that_its_time_was_up() {
        let limits = JobLimits::new(&Limits::default(), &CpuMeter::default());
        for _ in 0..300 {
            let mut command = Command::new("sh");
            let child = command.args(["-c", "kill -XCPU $$"]).spawn().unwrap();
            let mut group =
                ProcessGroup::with_allowance(child, limits.allowance(None).unwrap()).unwrap();
            while group.try_wait().unwrap().is_none() {}
            assert!(group.over.is_some());
        }
    }
}
