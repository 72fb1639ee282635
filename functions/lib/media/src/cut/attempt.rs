//! One process: what is written to it, and what comes out, side by side.

use super::CutContext;
use super::feeder::{FeedError, SampleFeeder};
use super::mark_reader::MarkReader;
use super::pairing::{DecoderEvent, PicturePairing};
use super::slice::CutSlice;
use crate::MediaError;
use crate::frame_format::{PictureFilter, RawPicture};
use crate::picture::SinkClosed;
use crate::suspects::{EarlyEnd, Suspects};
use bitstream::RandomAccess;
use container::SilentDamage;
use decoder::DecoderError;
use decoder::MissingReferences;
use decoder::read_pictures;
use decoder::showinfo::SHOWINFO;
use decoder::{Invocation, RunningDecoder, TICK, Watchdog, spawn_stderr_reader};
use plan::Budget;
use std::os::unix::process::ExitStatusExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, sync_channel};
use std::thread::ScopedJoinHandle;
use std::time::Duration;

/// Lets the wanted pictures through and says the time of each. See [`container::fmp4::MARK`].
const SELECT: &str = "select='not(mod(pts,1000))'";

/// What one process is to do.
#[derive(Debug, Clone)]
pub(super) struct CutRun<'a> {
    /// How its pictures are made.
    pub(super) filter: Arc<PictureFilter>,
    pub(super) suspects: Suspects,
    /// Nobody wants any more.
    pub(super) stopped: &'a AtomicBool,
    /// Whose permit it runs under, if it may be given back before the end.
    pub(super) slice: Option<&'a CutSlice>,
}

/// Feeds one process as much as it can take, and delivers all the pictures of that, or those up to
/// an early end.
pub(super) fn attempt(
    context: &CutContext<'_>,
    run: &CutRun<'_>,
    feeder: &mut SampleFeeder<'_>,
    deliver: &mut dyn FnMut(Option<RawPicture>) -> Result<(), SinkClosed>,
) -> Result<Option<EarlyEnd>, MediaError> {
    let start = match feeder.start() {
        Ok(start) => start,
        Err(error) => return verdict(context, Err(error), None, false).map(|()| None),
    };
    let running = invocation(context, run, start)?.for_pictures(feeder.pictures());
    let mut running = running.start()?;
    let mut watch = Watchdog::new(context.limits, &context.clock);
    let missing = match start {
        RandomAccess::RecoveryPoint if feeder.is_led() => MissingReferences::Expected,
        RandomAccess::RecoveryPoint => MissingReferences::BeforeRecovery,
        RandomAccess::Idr | RandomAccess::None => MissingReferences::Damage,
    };
    let found = read(&mut running, run, missing, &watch);
    let (told, expected) = mpsc::channel();
    let mut stdin = running.stdin.take();
    let reading = feeder.reading;
    let activity = watch.activity.clone();
    let silent = &SilentDamage::default();
    std::thread::scope(|scope| {
        let feeding = scope.spawn(move || match &mut stdin {
            Some(stdin) => feeder.fill(stdin, &activity, &told, silent),
            None => Ok(()),
        });
        let mut pairing = PicturePairing::new(context, &run.filter, run.suspects, expected, silent);
        let flags = FeedFlags {
            stopped: run.stopped,
            reading,
            slice: run.slice,
        };
        let paired = pair(&found, &mut pairing, &mut watch, &flags, deliver);
        let paired = paired.and_then(|end| match end {
            Some(end) => Ok(Some(end)),
            None => finish(&feeding, &mut watch, reading).map(|()| None),
        });
        if !matches!(paired, Ok(None)) {
            // The feeder may wait for a decoder that waits for us.
            let _ = running.group.end();
        }
        if matches!(paired, Err(MediaError::Stopped)) {
            // Before the feeder is waited for: its source may not answer for long.
            decoder::release_held();
        }
        drop(found);
        let fed = feeding
            .join()
            .unwrap_or_else(|_| Err(FeedError::Pipe(std::io::Error::other("the feeder failed"))));
        let is_untrue = matches!(fed, Err(FeedError::WrongTimes(_) | FeedError::Misplaced));
        match paired {
            Ok(Some(end)) => return Ok(Some(end)),
            _ if is_untrue => return verdict(context, fed, None, false).map(|()| None),
            paired => paired?,
        };
        let status = running.group.wait(&mut watch)?;
        let lost = pairing.count_lost();
        let settled = lost == 0;
        if run.suspects == Suspects::End && settled && matches!(fed, Err(FeedError::NoStart(_))) {
            return Ok(Some(EarlyEnd::NoStart));
        }
        let was_fed = fed.is_ok();
        let may_be_displaced = was_fed && run.suspects == Suspects::End && context.tells_order();
        let ended = verdict(context, fed, status.signal(), settled);
        // What a decoder has no memory for is neither damaged nor missing.
        if ended.is_err() && !settled && watch.activity.lacked_memory() {
            return Err(context.limits.exceeded(Budget::Memory).into());
        }
        match ended {
            Err(MediaError::IndexMismatch) if pairing.may_be_damaged() => {
                Ok(Some(EarlyEnd::Suspect(None)))
            }
            Err(MediaError::IndexMismatch) if may_be_displaced => Ok(Some(EarlyEnd::Displaced)),
            Err(MediaError::IndexMismatch) if was_fed && pairing.has_complained() => {
                // Of a decoder that has ended they never come.
                for _ in 0..lost {
                    deliver(None).map_err(|SinkClosed| MediaError::Stopped)?;
                }
                Ok(None)
            }
            ended => ended.map(|()| None),
        }
    })
}

/// A decoder that begins at a recovery point may hold back what follows right after it, as if it
/// could not know that this is whole. We do.
const TRUSTING: [&str; 2] = ["-flags", "+output_corrupt"];

fn invocation(
    context: &CutContext<'_>,
    run: &CutRun<'_>,
    start: RandomAccess,
) -> Result<Invocation, MediaError> {
    let chain = format!("{SELECT},{SHOWINFO},{}", run.filter.chain());
    let before = match start {
        RandomAccess::RecoveryPoint => &TRUSTING[..],
        RandomAccess::Idr | RandomAccess::None => &[],
    };
    Ok(Invocation::fed(context.ffmpeg, context.limits, before)?
        .decoding(0, &chain)
        .raw(run.filter.pixel_format()))
}

fn verdict(
    context: &CutContext<'_>,
    fed: Result<(), FeedError>,
    signal: Option<i32>,
    settled: bool,
) -> Result<(), MediaError> {
    match fed {
        Err(FeedError::Read(error)) => Err(error.into()),
        Err(FeedError::Stopped) => Err(MediaError::Stopped),
        Err(FeedError::WrongTimes(sample)) => {
            tracing::debug!(sample, "times contradict the headers");
            context.contradicts.store(true, Ordering::Relaxed);
            Err(MediaError::IndexMismatch)
        }
        Ok(()) | Err(FeedError::Pipe(_)) => match signal {
            Some(signal) if !settled || fed.is_err() => Err(DecoderError::signalled(signal).into()),
            _ if settled && fed.is_ok() => Ok(()),
            _ => Err(MediaError::IndexMismatch),
        },
        Err(_) => Err(MediaError::IndexMismatch),
    }
}

/// Starts a reader for each output.
fn read(
    running: &mut RunningDecoder,
    run: &CutRun<'_>,
    missing: MissingReferences,
    watch: &Watchdog,
) -> Receiver<DecoderEvent> {
    // Each reader holds one until it is taken.
    let (events, found) = sync_channel(0);
    let marks = MarkReader::new(missing, events.clone());
    let activity = watch.activity.clone();
    drop(spawn_stderr_reader(running.stderr.take(), activity, marks));
    let bytes = run.filter.bytes_per_picture();
    if let Some(pipe) = running.stdout.take() {
        let activity = watch.activity.clone();
        std::thread::spawn(move || {
            read_pictures(pipe, bytes, &activity, |pixels| {
                events.send(DecoderEvent::Pixels(pixels)).is_ok()
            });
        });
    }
    found
}

/// What others say of themselves.
struct FeedFlags<'a> {
    /// Nobody wants any more.
    stopped: &'a AtomicBool,
    /// The feeder waits for the source.
    reading: &'a AtomicBool,
    slice: Option<&'a CutSlice>,
}

impl FeedFlags<'_> {
    /// Ends the slice where others wait for a decoder while this one waits for the source.
    fn gives_way(&self) -> bool {
        self.slice.is_some_and(CutSlice::give_way)
    }
}

/// So long a decoder may wait for the source while others wait for a decoder.
const STARVED: Duration = Duration::from_secs(1);

fn pair(
    found: &Receiver<DecoderEvent>,
    pairing: &mut PicturePairing<'_>,
    watch: &mut Watchdog,
    flags: &FeedFlags<'_>,
    deliver: &mut dyn FnMut(Option<RawPicture>) -> Result<(), SinkClosed>,
) -> Result<Option<EarlyEnd>, MediaError> {
    let mut starved = Duration::ZERO;
    loop {
        match found.recv_timeout(TICK) {
            Ok(event) => {
                starved = Duration::ZERO;
                pairing.take(event);
            }
            Err(RecvTimeoutError::Timeout) => {
                match flags.reading.load(Ordering::Relaxed) {
                    true => starved += TICK,
                    false => {
                        starved = Duration::ZERO;
                        watch.waited(TICK)?;
                    }
                }
                if starved >= STARVED && flags.gives_way() {
                    return Err(MediaError::Stopped);
                }
                if flags.stopped.load(Ordering::Relaxed) {
                    return Err(MediaError::Stopped);
                }
            }
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
        }
        watch.in_time()?;
        if let Some(end) = pairing.settle(deliver)? {
            return Ok(Some(end));
        }
    }
}

/// A decoder that has closed its outputs and neither reads nor ends is not waited for.
fn finish<T>(
    feeding: &ScopedJoinHandle<'_, T>,
    watch: &mut Watchdog,
    reading: &AtomicBool,
) -> Result<(), MediaError> {
    while !feeding.is_finished() {
        std::thread::sleep(TICK);
        if !reading.load(Ordering::Relaxed) {
            watch.waited(TICK)?;
        }
        watch.in_time()?;
    }
    Ok(())
}
