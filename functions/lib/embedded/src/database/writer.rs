//! The thread that writes. Whatever waits is committed together: one sync of the disk answers
//! for all of it, so that many callers at once cost little more than one.

use super::{SqlError, SqlResult};
use crate::folder::Folder;
use rusqlite::{Connection, TransactionBehavior};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use tokio::sync::{Notify, oneshot};

/// The most writes of one commit, so that nobody waits for long.
const BATCH: usize = 512;

pub(super) struct Writer {
    /// None only while dropped.
    queue: Option<Sender<Box<dyn Work>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// The thread keeps `folder` owned until the connection is closed.
    pub(super) fn start(mut connection: Connection, folder: Folder) -> std::io::Result<Self> {
        let (queue, waiting) = channel();
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || {
                run(&mut connection, &waiting);
                drop(connection);
                drop(folder);
            })?;
        Ok(Self {
            queue: Some(queue),
            thread: Some(thread),
        })
    }

    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> SqlResult<T> + Send + 'static,
        wake: Option<Arc<Notify>>,
    ) -> SqlResult<T> {
        let (asker, answer) = oneshot::channel();
        let order = Order {
            work: Some(work),
            result: Err(SqlError::Closed),
            asker,
            wake,
        };
        let queue = self.queue.as_ref().ok_or(SqlError::Closed)?;
        queue.send(Box::new(order)).map_err(|_| SqlError::Closed)?;
        answer.await.map_err(|_| SqlError::Closed)?
    }
}

impl Drop for Writer {
    /// Waits for the last commit, so that the folder is free when this returns.
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What is written on somebody's behalf.
trait Work: Send {
    /// Whether it went well; if not, its own writes are undone and nobody else's.
    fn run(&mut self, connection: &Connection) -> bool;

    /// Says what became of it.
    fn answer(self: Box<Self>, committed: Result<(), &str>);
}

struct Order<T, F> {
    /// None once it has run.
    work: Option<F>,
    result: SqlResult<T>,
    asker: oneshot::Sender<SqlResult<T>>,
    wake: Option<Arc<Notify>>,
}

impl<T: Send, F: FnOnce(&Connection) -> SqlResult<T> + Send> Work for Order<T, F> {
    fn run(&mut self, connection: &Connection) -> bool {
        if let Some(work) = self.work.take() {
            self.result = work(connection);
        }
        self.result.is_ok()
    }

    fn answer(self: Box<Self>, committed: Result<(), &str>) {
        let result = match committed {
            Ok(()) => self.result,
            // Its own failure says more than what that did to the others.
            Err(cause) => match self.result {
                Err(own) if self.work.is_none() => Err(own),
                _ => Err(SqlError::NotCommitted(cause.to_owned())),
            },
        };
        if let (Ok(_), Some(wake)) = (&result, &self.wake) {
            wake.notify_waiters();
        }
        // Who asked may be gone; what is written stays written.
        let _ = self.asker.send(result);
    }
}

fn run(connection: &mut Connection, waiting: &Receiver<Box<dyn Work>>) {
    while let Ok(first) = waiting.recv() {
        let mut batch = vec![first];
        batch.extend(waiting.try_iter().take(BATCH - 1));
        let committed = commit(connection, &mut batch).map_err(|cause| cause.to_string());
        for work in batch {
            work.answer(committed.as_ref().map(|&()| ()).map_err(String::as_str));
        }
    }
}

fn commit(connection: &mut Connection, batch: &mut [Box<dyn Work>]) -> rusqlite::Result<()> {
    let mut all = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for work in batch {
        let one = all.savepoint()?;
        if work.run(&one) {
            one.commit()?;
        } else {
            one.finish()?;
        }
    }
    all.commit()
}
