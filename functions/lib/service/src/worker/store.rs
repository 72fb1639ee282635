//! Files to their objects, several at a time.

use super::RunContext;
use super::checkpoint::CheckpointWriter;
use super::progress::ProgressReporter;
use super::standstill::StandstillWatch;
use crate::backoff::Backoff;
use crate::pictures::{Checkpoint, Deadline, Interrupted, PassOutput};
use crate::ports::{Objects, PortResult};
use artifacts::key::served;
use artifacts::manifest::Usage;
use bytes::Bytes;
use source::ReadStats;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Receiver, Sender};
use tokio::task::JoinSet;

/// Objects on their way at once: a far store answers each in some tens of ms, and takes many.
pub(super) const AT_ONCE: usize = 16;

/// What was stored.
#[derive(Debug, Default)]
struct Stored {
    keys: BTreeSet<String>,
    /// Those that stay.
    shown: usize,
    objects: u64,
    bytes: u64,
}

/// Where what was made of one job goes.
pub(super) struct JobStorage<'a> {
    pub(super) objects: &'a Arc<dyn Objects>,
    pub(super) run: &'a RunContext,
    /// What is read meanwhile.
    pub(super) tally: &'a ReadStats,
    pub(super) checkpoints: &'a mut CheckpointWriter,
    pub(super) progress: ProgressReporter,
}

/// Stores all that comes; all of it is kept when this returns. The run knows of what was begun
/// where it fails, too.
pub(super) async fn store(
    storing: &mut JobStorage<'_>,
    made: &mut Receiver<PassOutput>,
) -> Result<(), Interrupted> {
    let mut stored = Stored::default();
    let all_stored = store_all(storing, made, &mut stored).await;
    storing.say(&stored);
    all_stored
}

impl JobStorage<'_> {
    /// Tells the run what was stored.
    fn say(&self, stored: &Stored) {
        self.run.record_written(stored.keys.iter().cloned());
        self.run.record_usage(Usage {
            gb_ms: 0,
            reads: self.tally.requests(),
            writes: stored.objects,
            bytes_read: self.tally.bytes(),
            bytes_written: stored.bytes,
        });
    }

    async fn keep(&mut self, now: Checkpoint, stored: &Stored) {
        self.say(stored);
        self.checkpoints.keep(now, self.run).await;
    }
}

async fn store_all(
    storing: &mut JobStorage<'_>,
    made: &mut Receiver<PassOutput>,
    stored: &mut Stored,
) -> Result<(), Interrupted> {
    let objects = storing.objects;
    let (mut puts, standstill) = (JoinSet::new(), StandstillWatch::start());
    while let Some(made) = made.recv().await {
        let file = match made {
            PassOutput::File(file) => file,
            PassOutput::Checkpoint(now) => {
                // Whoever reads it finds all that it names.
                settle(&mut puts, 0).await?;
                standstill.check()?;
                storing.keep(*now, stored).await;
                continue;
            }
        };
        // Of two files with one key the later one counts, so it waits for the earlier.
        let room = if stored.keys.contains(&file.key) {
            0
        } else {
            AT_ONCE - 1
        };
        settle(&mut puts, room).await?;
        standstill.check()?;
        storing
            .progress
            .report(stored.shown.saturating_sub(puts.len()), file.of);
        stored.objects += 1;
        stored.bytes += file.bytes.len() as u64;
        let is_new = stored.keys.insert(file.key.clone());
        stored.shown += usize::from(is_new && served(&file.key).is_some());
        let objects = Arc::clone(objects);
        puts.spawn(async move {
            let body = Bytes::from(file.bytes);
            objects.put(&file.key, file.content_type, body).await
        });
    }
    settle(&mut puts, 0).await
}

/// Hands over what was made, from a thread that may wait; false where nobody takes it before the
/// time is over. A store that stalls must not keep whoever makes files from stopping.
pub(super) fn offer<T>(to: &Sender<T>, made: T, until: &Deadline) -> bool {
    const FULL: Backoff = Backoff {
        first: Duration::from_micros(100),
        longest: Duration::from_millis(5),
    };
    let (mut made, mut number) = (made, 1_u32);
    loop {
        made = match to.try_send(made) {
            Ok(()) => return true,
            Err(TrySendError::Closed(_)) => return false,
            Err(TrySendError::Full(_)) if until.is_over() => return false,
            Err(TrySendError::Full(made)) => made,
        };
        std::thread::sleep(FULL.after(number));
        number = number.saturating_add(1);
    }
}

/// Removes the objects with these keys, of which some may not be there.
pub(super) async fn remove(
    objects: &Arc<dyn Objects>,
    keys: impl IntoIterator<Item = String>,
) -> Result<(), Interrupted> {
    let mut removals = JoinSet::new();
    for key in keys {
        settle(&mut removals, AT_ONCE - 1).await?;
        let objects = Arc::clone(objects);
        removals.spawn(async move { objects.delete(&key).await });
    }
    settle(&mut removals, 0).await
}

/// Waits until at most `left` calls are on their way.
pub(super) async fn settle(
    calls: &mut JoinSet<PortResult<()>>,
    left: usize,
) -> Result<(), Interrupted> {
    while calls.len() > left {
        match calls.join_next().await {
            Some(Ok(call)) => call?,
            Some(Err(error)) => return Err(Interrupted::of_task(error)),
            None => break,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_that_stalls_does_not_keep_whoever_makes_files() {
        let (sender, mut files) = tokio::sync::mpsc::channel(1);
        let until = Deadline::none();
        assert!(offer(&sender, 1, &until));
        let ending = until.clone();
        let ended = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(50));
            ending.end();
        });
        assert!(!offer(&sender, 2, &until), "nobody takes it");
        ended.join().unwrap();
        assert_eq!(files.try_recv(), Ok(1));
        assert!(offer(&sender, 3, &until), "there is room");
        drop(files);
        assert!(!offer(&sender, 4, &until), "nobody is there");
    }
}
