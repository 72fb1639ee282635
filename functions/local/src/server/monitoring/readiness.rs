//! Whether jobs can be done now: the disk, the database and the decoder.

use embedded::Store;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tracing::warn;

/// How long an answer holds. Whoever asks more often costs nothing.
const HOLDS_FOR: Duration = Duration::from_secs(1);

/// A disk that takes longer is away.
const PATIENCE: Duration = Duration::from_secs(1);

/// What was missing, if anything.
pub(crate) type MissingParts = Vec<&'static str>;

/// Looks whether a server is ready. Clones share their looks.
#[derive(Clone)]
pub(crate) struct Readiness {
    store: Store,
    ffmpeg: PathBuf,
    state: Arc<Mutex<ReadinessState>>,
}

#[derive(Default)]
struct ReadinessState {
    last: Option<(Instant, MissingParts)>,
    /// A look that has not ended. There is one at most: on a disk that hangs, none ends.
    look: Option<JoinHandle<MissingParts>>,
}

impl Readiness {
    pub(crate) fn new(store: Store, ffmpeg: PathBuf) -> Self {
        Self {
            store,
            ffmpeg,
            state: Arc::default(),
        }
    }

    /// What is missing; nothing: the server is ready.
    pub(crate) async fn missing(&self) -> MissingParts {
        let mut state = self.state.lock().await;
        if let Some((at, missing)) = &state.last
            && at.elapsed() < HOLDS_FOR
        {
            return missing.clone();
        }
        let (store, ffmpeg) = (self.store.clone(), self.ffmpeg.clone());
        let look = state
            .look
            .get_or_insert_with(|| tokio::spawn(look(store, ffmpeg)));
        let missing = match timeout(PATIENCE, &mut *look).await {
            Ok(missing) => {
                state.look = None;
                missing.unwrap_or_else(|_| vec!["server"])
            }
            Err(_) => vec!["disk"],
        };
        let was_missing = state.last.take().map(|(_, missing)| missing);
        if !missing.is_empty() && was_missing.as_ref() != Some(&missing) {
            warn!(?missing, "not ready");
        }
        state.last = Some((Instant::now(), missing.clone()));
        missing
    }
}

async fn look(store: Store, ffmpeg: PathBuf) -> MissingParts {
    let mut missing = Vec::new();
    let of_files = {
        let store = store.clone();
        tokio::task::spawn_blocking(move || {
            let is_program = rustix::fs::access(&ffmpeg, rustix::fs::Access::EXEC_OK).is_ok()
                && ffmpeg.is_file();
            [
                ("disk", store.check_disk().is_ok()),
                ("database", store.check_database_file().is_ok()),
                ("ffmpeg", is_program),
            ]
        })
    };
    match of_files.await {
        Ok(parts) => missing.extend(parts.iter().filter(|part| !part.1).map(|part| part.0)),
        Err(_) => missing.push("server"),
    }
    if store.check_database().await.is_err() && !missing.contains(&"database") {
        missing.push("database");
    }
    missing
}
