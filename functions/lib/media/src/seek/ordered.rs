//! Several runs at once, their pictures in order.

use super::context::{SeekContext, frames_of};
use super::run::run;
use crate::MediaError;
use crate::listing::timeline::FrameAccess;
use crate::picture::{Picture, SinkClosed};
use decoder::{DecoderPermit, DecoderTurn, PlannedWork, Yielding};
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

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

/// A part of an extraction: the runs that are begun before its permits are given back.
struct SeekSlice {
    turn: DecoderTurn,
    /// Whether a run can go on from where it was left.
    may_give_up: bool,
    /// How many were begun, and whether no more will be.
    begun: Mutex<(usize, bool)>,
    /// Nobody wants any more.
    stopped: AtomicBool,
}

impl SeekSlice {
    /// Whether the next run is begun now.
    fn may_begin(&self) -> bool {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.1 = begun.1 || (begun.0 > 0 && self.turn.is_over());
        if !begun.1 {
            begun.0 += 1;
        }
        !begun.1
    }

    /// Whether the run of this number was left to the next slice.
    fn ended_before(&self, number: usize) -> bool {
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        begun.1 && number >= begun.0
    }
}

/// Takes the runs in order, as many at once as there are decoders for.
pub(super) fn extract(
    context: &SeekContext<'_>,
    wanted: &[usize],
    mut runs: Vec<Range<usize>>,
    sink: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
) -> Result<Vec<usize>, MediaError> {
    let mut missing = Vec::new();
    while !runs.is_empty() {
        let taken = one_slice(context, wanted, &runs, sink)?;
        missing.extend(taken.missing);
        runs.drain(..taken.runs);
        if let Some(run) = runs.first_mut() {
            run.start += taken.frames;
        }
    }
    Ok(missing)
}

/// What came of a slice.
#[derive(Default)]
struct SliceTaken {
    /// Whole ones.
    runs: usize,
    /// How many frames of the next run are settled.
    frames: usize,
    missing: Vec<usize>,
}

/// Waits for decoders and takes the first runs. Workers take them in order, so the run whose
/// pictures are due is always being worked on.
fn one_slice(
    context: &SeekContext<'_>,
    wanted: &[usize],
    runs: &[Range<usize>],
    sink: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
) -> Result<SliceTaken, MediaError> {
    let (turn, permits) = decoders(context, wanted, runs)?;
    let (queue, receivers): (Vec<_>, Vec<_>) = runs
        .iter()
        .map(|run| {
            let (news, arriving) = sync_channel(WAITING);
            ((run.clone(), news), arriving)
        })
        .unzip();
    let queue: RunQueue = Arc::new(Mutex::new(queue.into_iter()));
    let slice = &SeekSlice {
        turn,
        may_give_up: matches!(context.video.access, FrameAccess::Seek(_)),
        begun: Mutex::default(),
        stopped: AtomicBool::new(false),
    };
    std::thread::scope(|scope| {
        for permit in permits {
            let queue = Arc::clone(&queue);
            scope.spawn(move || {
                let _held = permit.hold();
                work(context, wanted, &queue, slice);
            });
        }
        drop(queue);
        let taken = take(wanted, runs, receivers, slice, sink);
        slice.stopped.store(true, Ordering::Relaxed);
        taken
    })
}

fn decoders(
    context: &SeekContext<'_>,
    wanted: &[usize],
    runs: &[Range<usize>],
) -> Result<(DecoderTurn, Vec<DecoderPermit>), MediaError> {
    let decoded = runs.iter().fold(0, |all: usize, run| {
        all.saturating_add(frames_of(context, &wanted[run.clone()]))
    });
    let work = PlannedWork::of_frames(decoded as u64, context.video.format.shape.pixels());
    let yielding = match context.video.access {
        FrameAccess::Seek(_) => Yielding::Possible,
        // Each run begins at the start of the file.
        FrameAccess::Times | FrameAccess::Numbers(_) => Yielding::Impossible,
    };
    let workers = context.limits.processes.clamp(1, runs.len().max(1));
    let is_over = || context.limits.deadline.is_over();
    let taken = context.ffmpeg.pool.take(workers, work, yielding, &is_over);
    taken.ok_or(MediaError::Stopped)
}

fn work(context: &SeekContext<'_>, wanted: &[usize], queue: &RunQueue, slice: &SeekSlice) {
    while !slice.stopped.load(Ordering::Relaxed) {
        let next = queue.lock().ok().and_then(|mut runs| {
            // Together, so that what is begun are the first ones.
            let may_begin = !runs.as_slice().is_empty() && slice.may_begin();
            may_begin.then(|| runs.next()).flatten()
        });
        let Some((range, news)) = next else { return };
        let mut deliver = |picture| news.send(RunNews::Picture(picture)).map_err(|_| SinkClosed);
        let done = run(context, &wanted[range], &slice.stopped, &mut deliver);
        if news.send(RunNews::Done(done)).is_err() {
            return;
        }
    }
}

fn take(
    wanted: &[usize],
    runs: &[Range<usize>],
    receivers: Vec<Receiver<RunNews>>,
    slice: &SeekSlice,
    sink: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
) -> Result<SliceTaken, MediaError> {
    let mut taken = SliceTaken::default();
    for (number, (news, run)) in receivers.into_iter().zip(runs).enumerate() {
        let frames = &wanted[run.clone()];
        // Frames of this run that came, and those before them that did not.
        let (mut settled, mut skipped) = (0, Vec::<usize>::new());
        loop {
            match news.recv() {
                Ok(RunNews::Picture(picture)) => {
                    let left = &frames[settled..];
                    let place = left.iter().position(|&frame| frame == picture.frame);
                    skipped.extend(&left[..place.unwrap_or(0)]);
                    settled += place.map_or(0, |place| place + 1);
                    sink(picture).map_err(|SinkClosed| MediaError::Stopped)?;
                    if slice.may_give_up && settled < frames.len() && slice.turn.is_overdue() {
                        taken.frames = settled;
                        taken.missing.extend(skipped);
                        return Ok(taken);
                    }
                }
                Ok(RunNews::Done(done)) => {
                    taken.missing.extend(done?);
                    taken.runs += 1;
                    break;
                }
                Err(_) if slice.ended_before(number) => return Ok(taken),
                Err(_) => return Err(io::Error::other("a worker failed").into()),
            }
        }
    }
    Ok(taken)
}
