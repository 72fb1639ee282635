//! One process: from a place in the file to the last of some wanted frames.

use super::matching::{Expected, Matching, Verdict};
use super::select::Selection;
use super::{Job, Picture, Stop};
use crate::MediaError;
use crate::index::shown::SHOWINFO;
use crate::pixels::read_pictures;
use crate::process::{Invocation, Progress, Running, TICK, Watch, drain};
use std::collections::VecDeque;
use std::os::unix::process::ExitStatusExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};

/// What an attempt is to do.
#[derive(Debug)]
pub(super) struct Order<'a> {
    /// Indices of frames, rising, not empty.
    pub(super) frames: &'a [usize],
    /// How ffmpeg is to pick them.
    pub(super) selection: Selection,
    /// Where to seek to, microseconds; none is the start of the file.
    pub(super) from_us: Option<i64>,
    /// Whether to end at the first frame that does not come.
    pub(super) ends_at_missed: bool,
}

/// How it went.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// How many of the frames are settled: given, or missed.
    pub(super) settled: usize,
    /// The frames that did not come.
    pub(super) missed: Vec<usize>,
    /// The signal that ended ffmpeg, if one did.
    pub(super) signal: Option<i32>,
    /// Whether ffmpeg got less memory than it asked for.
    pub(super) lacked_memory: bool,
}

/// What the readers of the two outputs find. When both are at their ends, the channel closes.
#[derive(Debug)]
enum Event {
    Pixels(Vec<u8>),
    Verdict(Verdict),
}

impl From<Verdict> for Event {
    fn from(verdict: Verdict) -> Self {
        Self::Verdict(verdict)
    }
}

/// Makes the pictures of `order` in one process, in order.
pub(super) fn attempt(
    job: &Job<'_>,
    order: &Order<'_>,
    stopped: &AtomicBool,
    deliver: &mut dyn FnMut(Picture) -> Result<(), Stop>,
) -> Result<Outcome, MediaError> {
    let mut running = invocation(job, order)?.start()?;
    let mut watch = Watch::new(job.limits, job.clock);
    watch.begun(&running);
    let found = read(&mut running, job, order, &watch.progress)?;
    let mut pairing = Pairing::new(job, order);
    loop {
        match found.recv_timeout(TICK) {
            Ok(Event::Pixels(pixels)) => pairing.pixels.push_back(pixels),
            Ok(Event::Verdict(verdict)) => pairing.verdicts.push_back(verdict),
            Err(RecvTimeoutError::Timeout) => {
                watch.waited(TICK)?;
                if stopped.load(Ordering::Relaxed) {
                    return Err(MediaError::Stopped);
                }
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
        watch.in_time()?;
        pairing
            .settle(deliver)
            .map_err(|Stop| MediaError::Stopped)?;
        if pairing.is_over() {
            // What still runs ends when it is dropped.
            pairing.outcome.lacked_memory = watch.progress.lacked_memory();
            return Ok(pairing.outcome);
        }
    }
    let status = running.group.wait(&mut watch)?;
    pairing.outcome.signal = status.signal();
    pairing.outcome.lacked_memory = watch.progress.lacked_memory();
    Ok(pairing.give_up())
}

fn invocation(job: &Job<'_>, order: &Order<'_>) -> Result<Invocation, MediaError> {
    let seek = order.from_us.map(seconds);
    let mut before = Vec::new();
    if let Some(seek) = &seek {
        before.extend(["-noaccurate_seek", "-seek_timestamp", "1", "-ss", seek]);
    }
    let chain = format!(
        "{SHOWINFO},select='{}',{}",
        order.selection.expression(),
        job.output.filters(),
    );
    let count = order.frames.len().to_string();
    // Where others are let through too, the run is ended from here.
    let last: &[&str] = match order.selection.lets_others_through() {
        true => &[],
        false => &["-frames:v", &count],
    };
    Ok(
        Invocation::new(job.ffmpeg, job.video.file(), job.limits, &before)?
            .for_pictures(order.frames.len())
            .decoding(job.video.stream, &chain)
            .args(last)
            .raw(job.output.pixel_format()),
    )
}

fn seconds(us: i64) -> String {
    let sign = if us < 0 { "-" } else { "" };
    let us = us.unsigned_abs();
    format!("{sign}{}.{:06}", us / 1_000_000, us % 1_000_000)
}

/// Starts a reader for each output. The channel holds one event: the readers, and through the
/// pipes ffmpeg, wait until what they found is taken.
fn read(
    running: &mut Running,
    job: &Job<'_>,
    order: &Order<'_>,
    progress: &Progress,
) -> Result<Receiver<Event>, MediaError> {
    let (events, found) = sync_channel(1);
    let expected = Expected::new(order.selection.clone(), order.from_us.is_none());
    let matching = Matching::new(expected, events.clone());
    drop(drain(running.stderr.take(), progress.clone(), matching));
    let bytes = job.output.bytes_per_picture();
    if let Some(pipe) = running.stdout.take() {
        let progress = progress.clone();
        std::thread::spawn(move || {
            read_pictures(pipe, bytes, &progress, |pixels| {
                events.send(Event::Pixels(pixels)).is_ok()
            });
        });
    }
    Ok(found)
}

/// Brings pictures and verdicts together; each side comes in order, but at its own pace.
struct Pairing<'a> {
    job: &'a Job<'a>,
    order: &'a Order<'a>,
    pixels: VecDeque<Vec<u8>>,
    verdicts: VecDeque<Verdict>,
    outcome: Outcome,
}

impl<'a> Pairing<'a> {
    fn new(job: &'a Job<'a>, order: &'a Order<'a>) -> Self {
        let (pixels, verdicts) = Default::default();
        Self {
            job,
            order,
            pixels,
            verdicts,
            outcome: Outcome::default(),
        }
    }

    fn settle(&mut self, deliver: &mut dyn FnMut(Picture) -> Result<(), Stop>) -> Result<(), Stop> {
        while !self.is_over()
            && let Some(&verdict) = self.verdicts.front()
        {
            match verdict {
                Verdict::Missed(place) => self.miss(place),
                Verdict::Unfit => self.miss_the_rest(),
                Verdict::Surplus | Verdict::Wanted(_) => {
                    let Some(pixels) = self.pixels.pop_front() else {
                        return Ok(());
                    };
                    if let Verdict::Wanted(place) = verdict {
                        self.outcome.settled = place + 1;
                        let frame = self.order.frames[place];
                        deliver(Picture {
                            frame,
                            pixels: self.job.output.finish(pixels),
                            form: self.job.output.form(),
                            size: self.job.output.size,
                        })?;
                    }
                }
            }
            self.verdicts.pop_front();
        }
        Ok(())
    }

    fn miss(&mut self, place: usize) {
        self.outcome.missed.push(self.order.frames[place]);
        if !self.order.ends_at_missed {
            self.outcome.settled = place + 1;
        }
    }

    fn is_over(&self) -> bool {
        let failed = self.order.ends_at_missed && !self.outcome.missed.is_empty();
        failed || self.outcome.settled >= self.order.frames.len()
    }

    /// ffmpeg has ended: what has not come will not come.
    fn give_up(mut self) -> Outcome {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_exact_to_the_microsecond_below_zero_too() {
        assert_eq!(seconds(12_345_678), "12.345678");
        assert_eq!(seconds(-40_000), "-0.040000");
    }
}
