//! Ctrl-C, SIGTERM and SIGHUP.
//!
//! The first one ends the run's deadline: taking pictures then stops within half a second, and the
//! run says what is kept. What cannot stop, such as a read of standard input that waits for
//! somebody, is left when a little more than that has passed, or at a second signal: whatever the
//! run is about to write goes then, and the process ends.

use crate::console;
use crate::error::CommandError;
use plan::Deadline;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tokio::signal::unix::{Signal, SignalKind, signal};

/// What stops by itself does so within this time.
const TO_STOP: Duration = Duration::from_millis(1500);

/// A signal that ends a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EndingSignal {
    number: u8,
    name: &'static str,
}

impl EndingSignal {
    const ALL: [Self; 3] = [
        Self {
            number: 1,
            name: "SIGHUP",
        },
        Self {
            number: 2,
            name: "SIGINT",
        },
        Self {
            number: 15,
            name: "SIGTERM",
        },
    ];

    /// As shells report a program that ended by it.
    fn exit_code(self) -> u8 {
        128 + self.number
    }
}

/// What the run and its signals know of each other.
#[derive(Debug, Clone, Default)]
pub(super) struct Interrupt(Arc<State>);

#[derive(Debug, Default)]
struct State {
    until: Deadline,
    signal: OnceLock<EndingSignal>,
    /// The file that is being written.
    partial: Mutex<Option<PathBuf>>,
    kept: AtomicUsize,
}

impl Interrupt {
    /// Begins to listen.
    pub(super) fn listen() -> std::io::Result<Self> {
        let interrupt = Self::default();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let mut signals = Vec::new();
        // Whoever started us with `nohup` means the end of a terminal to be ignored.
        let ignores_hangups = ignored_signals() & 1 == 1;
        for ending in EndingSignal::ALL {
            if ending.name != "SIGHUP" || !ignores_hangups {
                let _in_runtime = runtime.enter();
                let kind = SignalKind::from_raw(ending.number.into());
                signals.push((ending, signal(kind)?));
            }
        }
        let listening = interrupt.clone();
        std::thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || runtime.block_on(listening.follow(signals)))?;
        Ok(interrupt)
    }

    async fn follow(self, mut signals: Vec<(EndingSignal, Signal)>) {
        let first = next(&mut signals).await;
        let _ = self.0.signal.set(first);
        self.0.until.end();
        let _ = tokio::time::timeout(TO_STOP, next(&mut signals)).await;
        self.leave(first);
    }

    /// Ends the process where the run does not.
    fn leave(&self, ending: EndingSignal) {
        let partial = self.0.partial.lock();
        if let Some(path) = partial.unwrap_or_else(PoisonError::into_inner).take() {
            // It may have got its final name already, which is as good.
            let _ = fs::remove_file(path);
        }
        console::note(&format!("vod-snapshot: {}", ended(ending, self.kept())));
        std::process::exit(ending.exit_code().into());
    }

    /// For what takes time.
    pub(super) fn until(&self) -> Deadline {
        self.0.until.clone()
    }

    pub(super) fn signal(&self) -> Option<EndingSignal> {
        self.0.signal.get().copied()
    }

    /// Calls `write` while the file at `path` goes should the process be left.
    pub(super) fn with_partial<T>(&self, path: &Path, write: impl FnOnce() -> T) -> T {
        let set = |path| {
            let mut partial = self.0.partial.lock();
            **partial
                .as_mut()
                .unwrap_or_else(|poisoned| poisoned.get_mut()) = path;
        };
        set(Some(path.to_owned()));
        let written = write();
        set(None);
        written
    }

    /// So many files are there to stay, more or less than before.
    pub(super) fn keep(&self, files: usize) {
        self.0.kept.store(files, Ordering::Relaxed);
    }

    pub(super) fn kept(&self) -> usize {
        self.0.kept.load(Ordering::Relaxed)
    }
}

/// The end of a run that a signal stopped.
pub(super) fn stopped(ending: EndingSignal, kept: usize) -> CommandError {
    CommandError::Interrupted {
        exit_code: ending.exit_code(),
        message: ended(ending, kept),
    }
}

/// What a person is told.
fn ended(ending: EndingSignal, kept: usize) -> String {
    let name = ending.name;
    match kept {
        0 => format!("ended by {name}; nothing was written"),
        1 => format!("ended by {name}; 1 finished file is kept"),
        _ => format!("ended by {name}; {kept} finished files are kept"),
    }
}

async fn next(signals: &mut [(EndingSignal, Signal)]) -> EndingSignal {
    std::future::poll_fn(|context| {
        let arrived = signals
            .iter_mut()
            .find_map(|(ending, signal)| signal.poll_recv(context).is_ready().then_some(*ending));
        match arrived {
            Some(ending) => std::task::Poll::Ready(ending),
            None => std::task::Poll::Pending,
        }
    })
    .await
}

/// The signals that this process was started to ignore, a bit each; none where the system does not
/// say.
fn ignored_signals() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok())
        .unwrap_or(0)
}
