//! The thread that writes. Whatever waits is committed together: one sync of the disk answers
//! for all of it, so that many callers at once cost little more than one.

use super::error::{SqlError, SqlResult};
use super::undo::{Undo, Undos};
use crate::folder::Folder;
use rusqlite::{Connection, TransactionBehavior};
use service::deadline::CallDeadline;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use tokio::sync::{Notify, oneshot};

/// The most writes of one commit, so that nobody waits for long.
const BATCH: usize = 512;

pub(super) struct WriteThread {
    /// None only while dropped.
    queue: Option<Sender<Box<dyn Work>>>,
    thread: Option<JoinHandle<()>>,
}

impl WriteThread {
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

    pub(super) async fn write<T, F>(&self, request: Request<T, F>) -> SqlResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> SqlResult<T> + Send + 'static,
    {
        let (asker, answer) = oneshot::channel();
        let order = QueuedWrite {
            work: Some(request.work),
            result: Err(SqlError::Closed),
            asker,
            wake: request.wake,
            undo: request.undo,
            deadline: CallDeadline::current(),
        };
        let queue = self.queue.as_ref().ok_or(SqlError::Closed)?;
        queue.send(Box::new(order)).map_err(|_| SqlError::Closed)?;
        answer.await.map_err(|_| SqlError::Closed)?
    }
}

impl Drop for WriteThread {
    /// Waits for the last commit, so that the folder is free when this returns.
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

type UndoOf<T> = Box<dyn Fn(&Connection, &T) -> SqlResult<()> + Send + Sync>;

/// What to write, for the call in hand.
pub(super) struct Request<T, F> {
    work: F,
    wake: Option<Arc<Notify>>,
    undo: Option<UndoOf<T>>,
}

impl<T, F: FnOnce(&Connection) -> SqlResult<T>> Request<T, F> {
    pub(super) fn of(work: F) -> Self {
        Self {
            work,
            wake: None,
            undo: None,
        }
    }

    /// Whom to wake after the commit.
    pub(super) fn waking(self, wake: &Arc<Notify>) -> Self {
        Self {
            wake: Some(Arc::clone(wake)),
            ..self
        }
    }

    /// What takes it back when the call was answered otherwise during the commit.
    pub(super) fn undone_by(
        self,
        undo: impl Fn(&Connection, &T) -> SqlResult<()> + Send + Sync + 'static,
    ) -> Self {
        Self {
            undo: Some(Box::new(undo)),
            ..self
        }
    }
}

/// What is written on somebody's behalf.
trait Work: Send {
    /// Whether it may be taken back after the commit.
    fn may_be_undone(&self) -> bool;

    /// Whether it went well; if not, its own writes are undone and nobody else's.
    fn run(&mut self, connection: &Connection) -> bool;

    /// Says what became of it. What is given takes it back.
    fn answer(self: Box<Self>, committed: Result<(), &str>) -> Option<Undo>;
}

struct QueuedWrite<T, F> {
    /// None once it has run.
    work: Option<F>,
    result: SqlResult<T>,
    asker: oneshot::Sender<SqlResult<T>>,
    wake: Option<Arc<Notify>>,
    undo: Option<UndoOf<T>>,
    deadline: CallDeadline,
}

impl<T, F> Work for QueuedWrite<T, F>
where
    T: Send + 'static,
    F: FnOnce(&Connection) -> SqlResult<T> + Send,
{
    fn may_be_undone(&self) -> bool {
        self.undo.is_some()
    }

    fn run(&mut self, connection: &Connection) -> bool {
        if let Some(work) = self.work.take() {
            // Asked here and not before the transaction: that waits for whoever holds the file.
            self.result = if self.deadline.is_over() {
                Err(SqlError::TooLate)
            } else {
                work(connection)
            };
        }
        self.result.is_ok()
    }

    fn answer(self: Box<Self>, committed: Result<(), &str>) -> Option<Undo> {
        let result = match committed {
            Ok(()) => self.result,
            // Its own failure says more than what that did to the others.
            Err(cause) => match self.result {
                Err(own) if self.work.is_none() => Err(own),
                _ => Err(SqlError::NotCommitted(cause.to_owned())),
            },
        };
        if let (Ok(_), Some(_)) = (&result, &self.undo)
            && !self.deadline.accept()
        {
            let _ = self.asker.send(Err(SqlError::TooLate));
            let (written, undo) = (result.ok()?, self.undo?);
            return Some(Box::new(move |sql| undo(sql, &written)));
        }
        if let (Ok(_), Some(wake)) = (&result, &self.wake) {
            wake.notify_waiters();
        }
        // Who asked may be gone; what is written stays written.
        let _ = self.asker.send(result);
        None
    }
}

fn run(connection: &mut Connection, waiting: &Receiver<Box<dyn Work>>) {
    let mut undos = Undos::default();
    while let Some(mut batch) = next(waiting, &undos) {
        // A worker that takes messages in this very commit must not meet what may be undone.
        batch.sort_by_key(|work| work.may_be_undone());
        let committed = commit(connection, &undos, &mut batch).map_err(|cause| cause.to_string());
        undos.done(committed.as_ref().map(|&()| ()));
        for work in batch {
            let undo = work.answer(committed.as_ref().map(|&()| ()).map_err(String::as_str));
            undos.add(undo);
        }
    }
}

/// What waits, at least one piece of work unless there is something to undo; none when nobody
/// will ask for anything any more.
fn next(waiting: &Receiver<Box<dyn Work>>, undos: &Undos) -> Option<Vec<Box<dyn Work>>> {
    let first = match undos.pause() {
        None => Some(waiting.recv().ok()?),
        Some(pause) => match waiting.recv_timeout(pause) {
            Ok(first) => Some(first),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) if undos.is_hopeless() => return None,
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(pause);
                None
            }
        },
    };
    let mut batch: Vec<_> = first.into_iter().collect();
    batch.extend(waiting.try_iter().take(BATCH - batch.len()));
    Some(batch)
}

fn commit(
    connection: &mut Connection,
    undos: &Undos,
    batch: &mut [Box<dyn Work>],
) -> rusqlite::Result<()> {
    let mut all = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    undos.run(&all)?;
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
