//! A process: a thread with a runtime of its own, so that its end ends all it has begun.

use std::future::{Future, pending};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{Notify, oneshot};

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(100);

/// What dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Death {
    Process,
    Machine,
}

/// What is heard of a process.
pub(crate) enum News<T> {
    Ended(T),
    Died(Death),
    /// It goes on when told.
    Stuck(oneshot::Sender<()>),
}

enum Sign {
    Over,
    Died(Death),
    Stuck(oneshot::Sender<()>),
}

/// What a process knows of itself.
pub(crate) struct Life {
    over: AtomicBool,
    ended: Notify,
    signs: Sender<Sign>,
}

impl Life {
    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    /// Never returns: whoever waits is dropped with the runtime.
    pub(crate) async fn end<T>(&self, death: Death) -> T {
        if !self.over.swap(true, Ordering::SeqCst) {
            let _ = self.signs.send(Sign::Died(death));
            self.ended.notify_one();
        }
        pending().await
    }

    pub(crate) async fn stand_still(&self) {
        let (resume, resumed) = oneshot::channel();
        let _ = self.signs.send(Sign::Stuck(resume));
        let _ = resumed.await;
    }
}

/// A process, and what it will have to show.
pub(crate) struct Process<T> {
    life: Arc<Life>,
    signs: Receiver<Sign>,
    thread: Option<JoinHandle<Option<T>>>,
}

impl<T: Send + 'static> Process<T> {
    pub(crate) fn start<F>(work: impl FnOnce(Arc<Life>) -> F) -> Self
    where
        F: Future<Output = T> + Send + 'static,
    {
        let (sender, signs) = channel();
        let life = Arc::new(Life {
            over: AtomicBool::new(false),
            ended: Notify::new(),
            signs: sender,
        });
        let work = work(Arc::clone(&life));
        let alive = Arc::clone(&life);
        let thread = std::thread::spawn(move || {
            // The other kind of runtime waits for its threads before it drops its tasks, and those
            // threads may wait for the tasks.
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .unwrap();
            let ended = runtime.block_on(async {
                tokio::select! {
                    biased;
                    () = alive.ended.notified() => None,
                    ended = work => Some(ended),
                }
            });
            // What it has begun on other threads is over too before anybody goes on.
            runtime.shutdown_timeout(PATIENCE);
            let _ = alive.signs.send(Sign::Over);
            ended
        });
        Self {
            life,
            signs,
            thread: Some(thread),
        }
    }

    /// Waits for its end or for it to stand still.
    pub(crate) fn news(&mut self) -> News<T> {
        match self.signs.recv_timeout(PATIENCE) {
            Ok(Sign::Stuck(resume)) => News::Stuck(resume),
            Ok(Sign::Died(death)) => {
                self.join();
                News::Died(death)
            }
            Ok(Sign::Over) => News::Ended(self.join().expect("it did not die")),
            Err(_) => panic!("a process hangs"),
        }
    }

    /// Ends with its machine.
    pub(crate) fn kill(mut self) {
        self.life.over.store(true, Ordering::SeqCst);
        self.life.ended.notify_one();
        self.join();
    }

    fn join(&mut self) -> Option<T> {
        self.thread.take().unwrap().join().unwrap()
    }
}
