//! The cut path: only the samples that the wanted pictures need, as one small stream on the
//! decoder's stdin.
//!
//! Each process decodes its share of the groups one after the other, so that it starts once. The
//! stream is a fragmented MP4 with the source's own sample description and times of our choice:
//! wanted pictures are told from others by their time alone ([`container::fmp4::MarkedTimes`]).

mod assumed_format;
mod attempt;
mod context;
mod expected;
mod feeder;
mod first_frame;
#[cfg(feature = "fuzz")]
pub(crate) mod fuzz;
mod mark_reader;
mod pairing;
mod retake;
mod share;
mod slice;
mod worker;

pub(crate) use assumed_format::AssumedFormat;
pub(crate) use context::CutContext;
pub(crate) use first_frame::decode_alone;

use crate::MediaError;
use crate::frame_format::RawPicture;
use crate::frame_limits::check_pass;
use crate::picture::{Picture, SinkClosed};
use decoder::{PlannedWork, Yielding};
use plan::SampleGroup;
use plan::cut::{CutPlanError, cut, distribute, drop_taken, some_keys};
use retake::Retake;
use share::ShareBounds;
use slice::CutSlice;
use source::Retries;
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
    let missing = extract_some(context, wanted, sink)?;
    // Where nothing comes, it may well be the index that is wrong: so it is if no other picture comes.
    if !wanted.is_empty() && missing.len() == wanted.len() && !gives_others(context, wanted)? {
        return Err(MediaError::IndexMismatch);
    }
    Ok(missing)
}

/// Whether a picture comes that is not `wanted` and needs no other.
fn gives_others(context: &CutContext<'_>, wanted: &[usize]) -> Result<bool, MediaError> {
    let others = some_keys(&context.track.samples, context.samples, wanted);
    match extract_some(context, &others, &mut |_| Ok(())) {
        Err(MediaError::IndexMismatch | MediaError::Exceeded(_)) => Ok(false),
        missing => Ok(missing?.len() < others.len()),
    }
}

/// The same, whatever comes.
fn extract_some(
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
    let decoded = weights(&groups)
        .iter()
        .fold(0, |all: u64, &more| all.saturating_add(more));
    check_pass(
        context.track.coded,
        decoded.try_into().unwrap_or(usize::MAX),
        context.limits,
    )?;
    let (mut left, mut groups, mut missing) = (wanted, groups, Vec::new());
    while !groups.is_empty() {
        let taken = one_slice(context, left, &groups, sink)?;
        missing.extend(taken.missing);
        left = &left[taken.pictures..];
        drop_taken(&mut groups, taken.pictures);
    }
    Ok(missing)
}

/// The picture of `sample`, made of what it needs and nothing else, so that what the decoder complains
/// of is damage to it. None where it does not come.
///
/// # Errors
/// The job has nothing left to do it with.
pub(crate) fn alone(
    context: &CutContext<'_>,
    sample: usize,
    stopped: &AtomicBool,
) -> Result<Option<RawPicture>, MediaError> {
    Retake::new(context, &context.first, stopped).alone(sample)
}

/// How many samples each group has.
fn weights(groups: &[SampleGroup]) -> Vec<u64> {
    let samples = |group: &SampleGroup| (group.last - group.first + 1) as u64;
    groups.iter().map(samples).collect()
}

/// What came of a slice.
#[derive(Debug, Default)]
struct SliceTaken {
    /// How many of the wanted pictures are settled.
    pictures: usize,
    /// Of these, the frames that never come.
    missing: Vec<usize>,
}

/// Waits for decoders, and makes the first of the pictures of `groups`, as many as their turn is
/// long.
fn one_slice(
    context: &CutContext<'_>,
    wanted: &[usize],
    groups: &[SampleGroup],
    sink: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
) -> Result<SliceTaken, MediaError> {
    wait_for_source(context, groups)?;
    let work = weights(groups);
    let planned = PlannedWork::of_frames(work.iter().sum(), context.track.coded.pixels());
    let (turn, permits) = context
        .ffmpeg
        .pool
        .take(
            context.processes().min(groups.len()),
            planned,
            Yielding::Possible,
            &|| context.limits.deadline.is_over(),
        )
        .ok_or(MediaError::Stopped)?;
    let shares = distribute(&work, permits.len());
    let slice = &CutSlice::new(turn);
    let stopped = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let mut arriving = Vec::new();
        let mut worker_of = vec![0; groups.len()];
        for ((worker, share), permit) in shares
            .iter()
            .enumerate()
            .filter(|(_, share)| !share.is_empty())
            .zip(permits)
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
                let _held = permit.hold();
                let mut deliver = |picture| news.send(Ok(picture)).map_err(|_| SinkClosed);
                let bounds = ShareBounds { slice, stopped };
                if let Err(error) = worker::work(context, share, bounds, &mut deliver) {
                    // Nobody listening: the extraction is over already.
                    let _ = news.send(Err(error));
                }
            });
        }
        let order = groups.iter().zip(&worker_of).flat_map(|(group, &worker)| {
            let targets = group.targets.iter();
            targets.map(move |_| (group, worker))
        });
        let taken = take(wanted, order, (&arriving, slice), sink);
        stopped.store(true, Ordering::Relaxed);
        drop(arriving);
        taken
    })
}

/// Decoders are asked for once there is something to decode: a source that is away holds up no job
/// but its own.
fn wait_for_source(context: &CutContext<'_>, groups: &[SampleGroup]) -> Result<(), MediaError> {
    let is_local = context.source.file().is_some();
    if let Some(group) = groups.first()
        && !is_local
        && context.ffmpeg.pool.is_bounded()
    {
        let first = context.track.samples[group.first];
        Retries::default().read_at(&**context.source, first.offset, &mut [0])?;
    }
    Ok(())
}

/// None stands for a picture that never comes.
type ArrivingPictures = Receiver<Result<Option<RawPicture>, MediaError>>;

/// Groups come in order of presentation, and so do the pictures of each.
fn take<'a>(
    wanted: &[usize],
    order: impl Iterator<Item = (&'a SampleGroup, usize)>,
    (arriving, slice): (&[ArrivingPictures], &CutSlice),
    sink: &mut dyn FnMut(Picture) -> Result<(), SinkClosed>,
) -> Result<SliceTaken, MediaError> {
    let mut taken = SliceTaken::default();
    for (&frame, (group, worker)) in wanted.iter().zip(order) {
        let raw = match arriving[worker].recv() {
            Ok(Err(MediaError::Stopped)) if slice.is_given_up() => break,
            Ok(raw) => raw?,
            Err(_) if slice.ended_before(group) => break,
            Err(_) => return Err(io::Error::other("a worker failed").into()),
        };
        match raw {
            Some(raw) => sink(raw.finish(frame)).map_err(|SinkClosed| MediaError::Stopped)?,
            None => taken.missing.push(frame),
        }
        taken.pictures += 1;
        if slice.ends_here() {
            break;
        }
    }
    Ok(taken)
}

/// A container whose samples contradict each other is read by ffmpeg's own demuxer.
fn untrue(error: CutPlanError) -> MediaError {
    tracing::debug!(?error, "no cut");
    MediaError::IndexMismatch
}
