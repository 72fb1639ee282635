//! One process: from a place in the file to the last of some wanted frames.

use super::context::SeekContext;
use crate::MediaError;
use crate::frame_format::{PictureFilter, RawPicture};
use crate::picture::{Picture, SinkClosed};
use crate::suspects::{EarlyEnd, Suspects};
use decoder::read_pictures;
use decoder::selection::FrameSelection;
use decoder::showinfo::SHOWINFO;
use decoder::{
    Activity, Invocation, RunningDecoder, StderrLog, TICK, Watchdog, seconds, spawn_stderr_reader,
};
use decoder::{
    ExpectedFrames, FrameMatcher, FrameVerdict, MissingReferences, SeenFrame, SeenFrames,
};
use std::collections::VecDeque;
use std::os::unix::process::ExitStatusExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::JoinHandle;

/// What an attempt is to do.
#[derive(Debug)]
pub(super) struct SeekRun<'a> {
    /// Indices of frames, rising, not empty.
    pub(super) frames: &'a [usize],
    /// How ffmpeg is to pick them.
    pub(super) selection: FrameSelection,
    /// Where to seek to, microseconds; none is the start of the file.
    pub(super) from_us: Option<i64>,
    /// Whether to end at the first frame that does not come.
    pub(super) ends_at_missed: bool,
    /// How pictures are made.
    pub(super) filter: Arc<PictureFilter>,
    pub(super) suspects: Suspects,
}

/// How it went.
#[derive(Debug, Default)]
pub(super) struct RunOutcome {
    /// How many of the frames are settled: given, or missed.
    pub(super) settled: usize,
    /// The frames that did not come.
    pub(super) missed: Vec<usize>,
    /// Why it ended before all was settled, where nothing is wrong.
    pub(super) early: Option<EarlyEnd>,
    /// The signal that ended ffmpeg, if one did.
    pub(super) signal: Option<i32>,
    /// Whether ffmpeg got less memory than it asked for.
    pub(super) lacked_memory: bool,
    /// Whether the decoder complained before a frame that did not come.
    pub(super) has_complained: bool,
}

/// What the readers of the two outputs find. When both are at their ends, the channel closes.
#[derive(Debug)]
enum RunEvent {
    Pixels(Vec<u8>),
    Verdict(FrameVerdict, SeenFrame),
}

impl From<(FrameVerdict, SeenFrame)> for RunEvent {
    fn from((verdict, frame): (FrameVerdict, SeenFrame)) -> Self {
        Self::Verdict(verdict, frame)
    }
}

/// Makes the pictures of `order` in one process, in order.
pub(super) fn attempt(
    context: &SeekContext<'_>,
    order: &SeekRun<'_>,
    stopped: &AtomicBool,
    deliver: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
) -> Result<RunOutcome, MediaError> {
    let mut running = invocation(context, order)?.start()?;
    let mut watch = Watchdog::new(context.limits, context.clock);
    running.watched_by(&mut watch);
    let (found, reader) = read(&mut running, context, order, &watch.activity);
    let mut pairing = VerdictPairing::new(context, order);
    loop {
        match found.recv_timeout(TICK) {
            Ok(RunEvent::Pixels(pixels)) => pairing.pixels.push_back(pixels),
            Ok(RunEvent::Verdict(verdict, frame)) => pairing.verdicts.push_back((verdict, frame)),
            Err(RecvTimeoutError::Timeout) => {
                watch.waited(TICK)?;
                if stopped.load(Ordering::Relaxed) {
                    return Err(MediaError::Stopped);
                }
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
        watch.in_time()?;
        pairing.settle(deliver)?;
        if pairing.is_over() {
            // What still runs ends when it is dropped.
            pairing.outcome.lacked_memory = watch.activity.lacked_memory();
            return Ok(pairing.outcome);
        }
    }
    let status = running.group.wait(&mut watch)?;
    pairing.outcome.signal = status.signal();
    pairing.outcome.lacked_memory = watch.activity.lacked_memory();
    // A reader that failed has heard nothing.
    let complained = reader
        .join()
        .is_ok_and(|(_, matching)| matching.has_complained());
    pairing.outcome.has_complained |= complained;
    Ok(pairing.give_up())
}

fn invocation(context: &SeekContext<'_>, order: &SeekRun<'_>) -> Result<Invocation, MediaError> {
    let seek = order.from_us.map(seconds);
    let mut before = context.video.options.args();
    if let Some(seek) = &seek {
        before.extend(["-noaccurate_seek", "-seek_timestamp", "1", "-ss", seek]);
    }
    let chain = format!(
        "{SHOWINFO},select='{}',{}",
        order.selection.expression(),
        order.filter.chain(),
    );
    let count = order.frames.len().to_string();
    // Where others are let through too, the run is ended from here.
    let last: &[&str] = match order.selection.lets_others_through() {
        true => &[],
        false => &["-frames:v", &count],
    };
    Ok(Invocation::new(
        context.ffmpeg,
        context.video.file(),
        context.limits,
        &before,
    )?
    .for_pictures(order.frames.len())
    .decoding(context.video.stream, &chain)
    .args(last)
    .raw(order.filter.pixel_format()))
}

/// Ends with what was heard.
type StderrReader = JoinHandle<(StderrLog, FrameMatcher<RunEvent>)>;

/// Starts a reader for each output. The channel holds one event: the readers, and through the
/// pipes ffmpeg, wait until what they found is taken.
fn read(
    running: &mut RunningDecoder,
    context: &SeekContext<'_>,
    order: &SeekRun<'_>,
    activity: &Activity,
) -> (Receiver<RunEvent>, StderrReader) {
    let (events, found) = sync_channel(1);
    let expected = ExpectedFrames::new(order.selection.clone(), order.from_us.is_none());
    let begins_whole = order.from_us.is_none() && context.video.begins_whole();
    let frames = SeenFrames::new(match begins_whole {
        true => MissingReferences::Damage,
        false => MissingReferences::Expected,
    });
    let frames = frames.forgetting_at_keyframes(context.video.runs_ahead);
    let matching = FrameMatcher::new(expected, frames, events.clone());
    let reader = spawn_stderr_reader(running.stderr.take(), activity.clone(), matching);
    let bytes = order.filter.bytes_per_picture();
    if let Some(pipe) = running.stdout.take() {
        let activity = activity.clone();
        std::thread::spawn(move || {
            read_pictures(pipe, bytes, &activity, |pixels| {
                events.send(RunEvent::Pixels(pixels)).is_ok()
            });
        });
    }
    (found, reader)
}

/// Brings pictures and verdicts together; each side comes in order, but at its own pace.
struct VerdictPairing<'a> {
    context: &'a SeekContext<'a>,
    order: &'a SeekRun<'a>,
    pixels: VecDeque<Vec<u8>>,
    verdicts: VecDeque<(FrameVerdict, SeenFrame)>,
    outcome: RunOutcome,
}

impl<'a> VerdictPairing<'a> {
    fn new(context: &'a SeekContext<'a>, order: &'a SeekRun<'a>) -> Self {
        let (pixels, verdicts) = Default::default();
        Self {
            context,
            order,
            pixels,
            verdicts,
            outcome: RunOutcome::default(),
        }
    }

    fn settle(
        &mut self,
        deliver: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
    ) -> Result<(), MediaError> {
        while !self.is_over()
            && let Some(&(verdict, frame)) = self.verdicts.front()
        {
            match verdict {
                FrameVerdict::Missed(place) => {
                    self.outcome.has_complained |= frame.suspect;
                    self.miss(place);
                }
                FrameVerdict::Unfit => self.miss_the_rest(),
                FrameVerdict::Surplus | FrameVerdict::Wanted(_) => {
                    let Some(pixels) = self.pixels.pop_front() else {
                        return Ok(());
                    };
                    if let FrameVerdict::Wanted(place) = verdict {
                        self.wanted(place, &frame, pixels, deliver)?;
                    }
                }
            }
            self.verdicts.pop_front();
        }
        Ok(())
    }

    /// Delivers the frame of `place`, or ends the run there.
    fn wanted(
        &mut self,
        place: usize,
        seen: &SeenFrame,
        pixels: Vec<u8>,
        deliver: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
    ) -> Result<(), MediaError> {
        let format = self.context.video.format_of(seen);
        let filter = self.context.filters.of(&format)?;
        if !filter.runs_as(&self.order.filter) {
            self.outcome.early = Some(EarlyEnd::OtherFilter(filter));
            return Ok(());
        }
        let frame = self.order.frames[place];
        let damaged = seen.suspect || self.context.doubted.contains(&frame);
        let picture = RawPicture {
            pixels,
            filter,
            damaged,
        };
        if damaged && self.order.suspects == Suspects::End {
            self.outcome.early = Some(EarlyEnd::Suspect(Some(picture)));
            return Ok(());
        }
        self.outcome.settled = place + 1;
        deliver(picture.finish(frame)).map_err(|SinkClosed| MediaError::Stopped)
    }

    fn miss(&mut self, place: usize) {
        self.outcome.missed.push(self.order.frames[place]);
        if !self.order.ends_at_missed {
            self.outcome.settled = place + 1;
        }
    }

    fn is_over(&self) -> bool {
        let failed = self.order.ends_at_missed && !self.outcome.missed.is_empty();
        failed || self.outcome.early.is_some() || self.outcome.settled >= self.order.frames.len()
    }

    /// ffmpeg has ended: what has not come will not come.
    fn give_up(mut self) -> RunOutcome {
        if !self.is_over() {
            self.miss_the_rest();
        }
        self.outcome
    }

    fn miss_the_rest(&mut self) {
        for place in self.outcome.settled..self.order.frames.len() {
            self.miss(place);
        }
    }
}
