//! One SQLite file: one thread that writes, a few connections that read.

mod columns;
mod connection;
mod error;
mod reader;
mod schema;
mod undo;
mod writer;

pub(crate) use columns::{Json, Named};
pub(crate) use connection::{open_for_reading, open_for_writing};
pub(crate) use error::{SqlError, SqlResult};
pub(crate) use schema::check as check_schema;
#[cfg(test)]
pub(crate) use schema::{VERSION, migrate};

use reader::ReadConnections;
use rusqlite::Connection;
#[cfg(doc)]
use service::deadline::CallDeadline;
use service::ports::PortResult;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::Notify;
use writer::{Request, WriteThread};

/// The database of one server. Clones are the same.
#[derive(Clone)]
pub(crate) struct Database {
    writer: Arc<WriteThread>,
    readers: ReadConnections,
}

impl Database {
    /// Starts over a writing connection; `held` is kept until the last write is done.
    pub(crate) fn start(
        connection: Connection,
        path: &Path,
        held: crate::folder::Folder,
    ) -> std::io::Result<Self> {
        let writer = Arc::new(WriteThread::start(connection, held)?);
        Ok(Self {
            writer,
            readers: ReadConnections::new(path),
        })
    }

    /// Runs `work` in a transaction; what it wrote is on the disk when this returns.
    ///
    /// Once begun it goes to its end even if nobody waits for it any more. It does not begin when
    /// the call that it is for is over ([`CallDeadline::current`]): that was answered by then.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        port: &'static str,
        work: impl FnOnce(&Connection) -> SqlResult<T> + Send + 'static,
    ) -> PortResult<T> {
        self.writer
            .write(Request::of(work))
            .await
            .map_err(|cause| cause.of_port(port))
    }

    /// As [`Self::write`], and wakes who waits on `wake` after the commit.
    pub(crate) async fn write_then_wake<T: Send + 'static>(
        &self,
        port: &'static str,
        wake: &Arc<Notify>,
        work: impl FnOnce(&Connection) -> SqlResult<T> + Send + 'static,
    ) -> PortResult<T> {
        self.writer
            .write(Request::of(work).waking(wake))
            .await
            .map_err(|cause| cause.of_port(port))
    }

    /// As [`Self::write_then_wake`], and what `work` wrote holds only if the call that it is for
    /// is answered as a success ([`CallDeadline::accept`]). Was it answered otherwise while the
    /// commit was under way, `undo` takes it back before anything else is written: no other write
    /// ever meets it, a worker that takes messages least of all. None: it was taken back, or not
    /// begun.
    pub(crate) async fn write_if_accepted<T: Send + 'static>(
        &self,
        port: &'static str,
        wake: &Arc<Notify>,
        work: impl FnOnce(&Connection) -> SqlResult<T> + Send + 'static,
        undo: impl Fn(&Connection, &T) -> SqlResult<()> + Send + Sync + 'static,
    ) -> PortResult<Option<T>> {
        let request = Request::of(work).waking(wake).undone_by(undo);
        match self.writer.write(request).await {
            Ok(written) => Ok(Some(written)),
            Err(SqlError::TooLate) => Ok(None),
            Err(cause) => Err(cause.of_port(port)),
        }
    }

    /// Runs `work` on what is committed by now.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        port: &'static str,
        work: impl FnOnce(&Connection) -> SqlResult<T> + Send + 'static,
    ) -> PortResult<T> {
        self.readers
            .read(work)
            .await
            .map_err(|cause| cause.of_port(port))
    }
}
