//! Several runs at once, their pictures in order.

use super::run::run;
use super::{Job, Picture, Stop};
use crate::MediaError;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// What a run tells.
enum News {
    Picture(Picture),
    /// With the frames that did not come.
    Done(Result<Vec<usize>, MediaError>),
}

/// Pictures of a later run that may wait until the earlier ones are taken.
const WAITING: usize = 2;

/// Workers take the runs in order, so the run whose pictures are due is always being worked on.
pub(super) fn extract(
    job: &Job<'_>,
    wanted: &[usize],
    runs: &[Range<usize>],
    sink: &mut dyn FnMut(Picture) -> Result<(), Stop>,
) -> Result<Vec<usize>, MediaError> {
    let (senders, receivers): (Vec<_>, Vec<_>) = runs.iter().map(|_| sync_channel(WAITING)).unzip();
    let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    let workers = job.limits.processes.clamp(1, runs.len().max(1));
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| work(job, wanted, runs, &senders, &next, &stopped));
        }
        let taken = take(receivers, sink);
        stopped.store(true, Ordering::Relaxed);
        taken
    })
}

fn work(
    job: &Job<'_>,
    wanted: &[usize],
    runs: &[Range<usize>],
    senders: &[SyncSender<News>],
    next: &AtomicUsize,
    stopped: &AtomicBool,
) {
    while !stopped.load(Ordering::Relaxed) {
        let nth = next.fetch_add(1, Ordering::Relaxed);
        let (Some(range), Some(news)) = (runs.get(nth), senders.get(nth)) else {
            return;
        };
        let mut deliver = |picture| news.send(News::Picture(picture)).map_err(|_| Stop);
        let done = run(job, &wanted[range.clone()], stopped, &mut deliver);
        if news.send(News::Done(done)).is_err() {
            return;
        }
    }
}

fn take(
    receivers: Vec<Receiver<News>>,
    sink: &mut dyn FnMut(Picture) -> Result<(), Stop>,
) -> Result<Vec<usize>, MediaError> {
    let mut missing = Vec::new();
    for news in receivers {
        loop {
            match news.recv() {
                Ok(News::Picture(picture)) => sink(picture).map_err(|Stop| MediaError::Stopped)?,
                Ok(News::Done(done)) => {
                    missing.extend(done?);
                    break;
                }
                Err(_) => return Err(io::Error::other("a worker failed").into()),
            }
        }
    }
    Ok(missing)
}
