//! The cut path: only the samples that the wanted pictures need, as one small stream on the
//! decoder's stdin.
//!
//! Each process decodes its share of the groups one after the other, so that it starts once. The
//! stream is a fragmented MP4 with the source's own sample description and times of our choice:
//! wanted pictures are told from others by their time alone ([`marked_times`]).

mod assumed_format;
mod attempt;
mod context;
mod expected;
mod feeder;
mod first_frame;
#[cfg(feature = "fuzz")]
pub(crate) mod fuzz;
mod mark_reader;
mod marked_times;
mod pairing;
mod retake;
mod share;
mod ties;
mod worker;

pub(crate) use assumed_format::AssumedFormat;
pub(crate) use context::CutContext;
pub(crate) use first_frame::decode_alone;

use crate::MediaError;
use crate::frame_format::RawPicture;
use crate::frame_limits::check_pass;
use crate::picture::{Picture, SinkClosed};
use plan::SampleGroup;
use plan::cut::{CutPlanError, cut, distribute};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};

/// Makes the pictures of the frames `wanted` (rising), in that order. Returns those of damaged
/// frames that never come.
///
/// # Errors
/// [`MediaError::IndexMismatch`] where the file is not what its index says.
pub(crate) fn extract(
    context: &CutContext<'_>,
    wanted: &[usize],
    sink: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
) -> Result<Vec<usize>, MediaError> {
    let targets: Vec<usize> = wanted.iter().map(|&frame| context.samples[frame]).collect();
    let groups = cut(&context.track.samples, &targets).map_err(untrue)?;
    if groups
        .iter()
        .any(|group| context.track.needs_key(group.first..group.last + 1))
    {
        return Err(MediaError::Encrypted);
    }
    let groups = context.bridge(groups)?;
    let work: Vec<u64> = groups
        .iter()
        .map(|group| (group.last - group.first + 1) as u64)
        .collect();
    let decoded = work
        .iter()
        .fold(0, |all: u64, &more| all.saturating_add(more));
    check_pass(
        context.track.coded,
        decoded.try_into().unwrap_or(usize::MAX),
        context.limits,
    )?;
    let shares = distribute(&work, context.processes());
    let stopped = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let mut arriving = Vec::new();
        let mut worker_of = vec![0; groups.len()];
        for (worker, share) in shares
            .iter()
            .enumerate()
            .filter(|(_, share)| !share.is_empty())
        {
            for &group in share {
                worker_of[group] = worker;
            }
            let share: Vec<SampleGroup> =
                share.iter().map(|&group| groups[group].clone()).collect();
            let (news, pictures) = sync_channel(context.waiting());
            arriving.push(pictures);
            let stopped = &stopped;
            scope.spawn(move || {
                let mut deliver = |picture| news.send(Ok(picture)).map_err(|_| SinkClosed);
                if let Err(error) = worker::work(context, share, stopped, &mut deliver) {
                    // Nobody listening: the extraction is over already.
                    let _ = news.send(Err(error));
                }
            });
        }
        let order = groups
            .iter()
            .zip(&worker_of)
            .flat_map(|(group, &worker)| group.targets.iter().map(move |_| worker));
        let taken = take(wanted, order, &arriving, sink);
        stopped.store(true, Ordering::Relaxed);
        drop(arriving);
        taken
    })
}

/// None stands for a picture that never comes.
type ArrivingPictures = Receiver<Result<Option<RawPicture>, MediaError>>;

/// Groups come in order of presentation, and so do the pictures of each.
fn take(
    wanted: &[usize],
    order: impl Iterator<Item = usize>,
    arriving: &[ArrivingPictures],
    sink: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
) -> Result<Vec<usize>, MediaError> {
    let mut missing = Vec::new();
    for (&frame, worker) in wanted.iter().zip(order) {
        let raw = arriving[worker]
            .recv()
            .map_err(|_| io::Error::other("a worker failed"))??;
        match raw {
            Some(raw) => sink(raw.finish(frame)).map_err(|SinkClosed| MediaError::Stopped)?,
            None => missing.push(frame),
        }
    }
    // Where nothing comes, it may well be the index that is wrong.
    if !wanted.is_empty() && missing.len() == wanted.len() {
        return Err(MediaError::IndexMismatch);
    }
    Ok(missing)
}

/// A container whose samples contradict each other is read by ffmpeg's own demuxer.
fn untrue(error: CutPlanError) -> MediaError {
    tracing::debug!(?error, "no cut");
    MediaError::IndexMismatch
}
