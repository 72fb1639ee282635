//! Connections that read, off the async threads.

use super::connection::open_for_reading;
use super::error::{SqlError, SqlResult};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// Reads at a time.
const READERS: usize = 4;

#[derive(Clone)]
pub(super) struct ReadConnections {
    idle: Arc<Idle>,
    turns: Arc<Semaphore>,
}

/// Connections nobody reads with just now.
struct Idle {
    path: PathBuf,
    connections: Mutex<Vec<Connection>>,
}

impl ReadConnections {
    pub(super) fn new(path: &Path) -> Self {
        let idle = Idle {
            path: path.to_owned(),
            connections: Mutex::default(),
        };
        Self {
            idle: Arc::new(idle),
            turns: Arc::new(Semaphore::new(READERS)),
        }
    }

    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> SqlResult<T> + Send + 'static,
    ) -> SqlResult<T> {
        let turn = self
            .turns
            .clone()
            .acquire_owned()
            .await
            .map_err(|_| SqlError::Closed)?;
        let idle = self.idle.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let connection = idle.take()?;
            let result = work(&connection);
            idle.put_back(connection);
            result
        });
        reading.await.map_err(|_| SqlError::Closed)?
    }
}

impl Idle {
    fn take(&self) -> SqlResult<Connection> {
        let idle = self
            .connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        match idle {
            Some(connection) => Ok(connection),
            None => Ok(open_for_reading(&self.path)?),
        }
    }

    fn put_back(&self, connection: Connection) {
        self.connections
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(connection);
    }
}
