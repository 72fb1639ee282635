//! Files to their objects, several at a time.

use crate::pictures::{File, Stop};
use crate::ports::{Objects, PortResult};
use bytes::Bytes;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinSet;

/// Objects on their way at once: a far store answers each in some tens of ms, and takes many.
const AT_ONCE: usize = 16;

/// What was stored.
#[derive(Debug, Default)]
pub(super) struct Stored {
    pub(super) keys: BTreeSet<String>,
    pub(super) objects: u64,
    pub(super) bytes: u64,
}

/// Stores all that comes; all of it is kept when this returns. `stored` tells of what was begun
/// where it fails, too.
pub(super) async fn store(
    objects: &Arc<dyn Objects>,
    files: &mut Receiver<File>,
    stored: &mut Stored,
) -> Result<(), Stop> {
    let mut puts = JoinSet::new();
    while let Some(file) = files.recv().await {
        // Of two files with one key the later one counts, so it waits for the earlier.
        let room = if stored.keys.contains(&file.key) {
            0
        } else {
            AT_ONCE - 1
        };
        settle(&mut puts, room).await?;
        stored.objects += 1;
        stored.bytes += file.bytes.len() as u64;
        stored.keys.insert(file.key.clone());
        let objects = Arc::clone(objects);
        puts.spawn(async move {
            let body = Bytes::from(file.bytes);
            objects.put(&file.key, file.content_type, body).await
        });
    }
    settle(&mut puts, 0).await
}

/// Removes the objects with these keys, of which some may not be there.
pub(super) async fn remove(
    objects: &Arc<dyn Objects>,
    keys: impl IntoIterator<Item = String>,
) -> Result<(), Stop> {
    let mut removals = JoinSet::new();
    for key in keys {
        settle(&mut removals, AT_ONCE - 1).await?;
        let objects = Arc::clone(objects);
        removals.spawn(async move { objects.delete(&key).await });
    }
    settle(&mut removals, 0).await
}

/// Waits until at most `left` calls are on their way.
async fn settle(calls: &mut JoinSet<PortResult<()>>, left: usize) -> Result<(), Stop> {
    while calls.len() > left {
        match calls.join_next().await {
            Some(Ok(call)) => call?,
            Some(Err(panic)) => return Err(Stop::Retry(panic.to_string())),
            None => break,
        }
    }
    Ok(())
}
