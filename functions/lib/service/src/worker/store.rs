//! Files to their objects, several at a time.

use crate::pictures::{File, Stop};
use crate::ports::Objects;
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

/// Stores all that comes; all of it is kept when this returns.
pub(super) async fn store(
    objects: &Arc<dyn Objects>,
    files: &mut Receiver<File>,
) -> Result<Stored, Stop> {
    let (mut stored, mut puts) = (Stored::default(), JoinSet::new());
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
    settle(&mut puts, 0).await?;
    Ok(stored)
}

/// Waits until at most `left` are on their way.
async fn settle(puts: &mut JoinSet<crate::ports::PortResult<()>>, left: usize) -> Result<(), Stop> {
    while puts.len() > left {
        match puts.join_next().await {
            Some(Ok(put)) => put?,
            Some(Err(panic)) => return Err(Stop::Retry(panic.to_string())),
            None => break,
        }
    }
    Ok(())
}
