//! Several runs at once, their pictures in order.

use super::context::SeekContext;
use super::run::run;
use crate::MediaError;
use crate::picture::{Picture, SinkClosed};
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

/// What a run tells.
enum RunNews {
    Picture(Picture),
    /// With the frames that did not come.
    Done(Result<Vec<usize>, MediaError>),
}

/// Runs that nobody works on yet. Only the workers hold it: should they all break down, it goes
/// with them, and whoever waits for news learns that there will be none.
type RunQueue = Arc<Mutex<std::vec::IntoIter<(Range<usize>, SyncSender<RunNews>)>>>;

/// Pictures of a later run that may wait until the earlier ones are taken.
const WAITING: usize = 2;

/// Workers take the runs in order, so the run whose pictures are due is always being worked on.
pub(super) fn extract(
    context: &SeekContext<'_>,
    wanted: &[usize],
    runs: Vec<Range<usize>>,
    sink: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
) -> Result<Vec<usize>, MediaError> {
    let workers = context.limits.processes.clamp(1, runs.len().max(1));
    let (queue, receivers): (Vec<_>, Vec<_>) = runs
        .into_iter()
        .map(|run| {
            let (news, arriving) = sync_channel(WAITING);
            ((run, news), arriving)
        })
        .unzip();
    let queue: RunQueue = Arc::new(Mutex::new(queue.into_iter()));
    let stopped = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let (queue, stopped) = (Arc::clone(&queue), &stopped);
            scope.spawn(move || work(context, wanted, &queue, stopped));
        }
        drop(queue);
        let taken = take(receivers, sink);
        stopped.store(true, Ordering::Relaxed);
        taken
    })
}

fn work(context: &SeekContext<'_>, wanted: &[usize], queue: &RunQueue, stopped: &AtomicBool) {
    while !stopped.load(Ordering::Relaxed) {
        let next = queue.lock().ok().and_then(|mut runs| runs.next());
        let Some((range, news)) = next else { return };
        let mut deliver = |picture| news.send(RunNews::Picture(picture)).map_err(|_| SinkClosed);
        let done = run(context, &wanted[range], stopped, &mut deliver);
        if news.send(RunNews::Done(done)).is_err() {
            return;
        }
    }
}

fn take(
    receivers: Vec<Receiver<RunNews>>,
    sink: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
) -> Result<Vec<usize>, MediaError> {
    let mut missing = Vec::new();
    for news in receivers {
        loop {
            match news.recv() {
                Ok(RunNews::Picture(picture)) => {
                    sink(picture).map_err(|SinkClosed| MediaError::Stopped)?;
                }
                Ok(RunNews::Done(done)) => {
                    missing.extend(done?);
                    break;
                }
                Err(_) => return Err(io::Error::other("a worker failed").into()),
            }
        }
    }
    Ok(missing)
}
