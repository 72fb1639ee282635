//! Counts the threads of a decoder while it runs, and kills it where there are too many.
//!
//! The kernel counts them only where a decoder has a user of its own; and each thread costs
//! memory of the kernel that no limit of the process bounds.

use plan::MOST_DECODER_THREADS;
use rustix::process::{Pid, Signal, kill_process_group};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// In this time a program can start about a thousand threads.
const PERIOD: Duration = Duration::from_millis(20);

/// A thread that looks after one process until it is dropped, which must be before the process is
/// reaped: later its number may be another's.
#[derive(Debug)]
pub(super) struct ThreadGuard(Arc<GuardState>);

#[derive(Debug, Default)]
struct GuardState {
    over: Mutex<bool>,
    end: Condvar,
    killed: AtomicBool,
}

impl ThreadGuard {
    pub(super) fn over(process: Pid) -> io::Result<Self> {
        let state = Arc::new(GuardState::default());
        let theirs = Arc::clone(&state);
        std::thread::Builder::new().spawn(move || theirs.look_after(process))?;
        Ok(Self(state))
    }

    /// Whether it had too many.
    pub(super) fn killed(&self) -> bool {
        self.0.killed.load(Ordering::Relaxed)
    }
}

impl Drop for ThreadGuard {
    fn drop(&mut self) {
        *self.0.over.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.end.notify_all();
    }
}

impl GuardState {
    fn look_after(&self, process: Pid) {
        let mut over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        while !*over {
            if threads(process) > MOST_DECODER_THREADS {
                self.killed.store(true, Ordering::Relaxed);
                let _ = kill_process_group(process, Signal::KILL);
                return;
            }
            let waited = self.end.wait_timeout(over, PERIOD);
            (over, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A folder has a link for each folder within it, beside its own two. 0 where it is gone.
fn threads(process: Pid) -> u64 {
    let folder = format!("/proc/{}/task", process.as_raw_nonzero());
    let links = std::fs::metadata(folder).map(|folder| folder.nlink());
    links.unwrap_or(0).saturating_sub(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_counted() {
        let mut one = std::process::Command::new("sleep")
            .arg("60")
            .spawn()
            .unwrap();
        let pid = Pid::from_raw(one.id().cast_signed()).unwrap();
        assert_eq!(threads(pid), 1);
        one.kill().unwrap();
        one.wait().unwrap();
        assert_eq!(threads(pid), 0);
    }
}
