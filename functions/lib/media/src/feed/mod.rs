//! The cut path: only the samples that the wanted pictures need, as one small stream on the
//! decoder's stdin.
//!
//! Each process decodes its share of the groups one after the other, so that it starts once. The
//! stream is a fragmented MP4 with the source's own sample description and times of our choice:
//! wanted pictures are told from others by their time alone ([`clock`]).

mod attempt;
mod boxes;
mod clock;
mod feeder;
pub(crate) mod first;
mod fragment;
#[cfg(feature = "fuzz")]
pub(crate) mod fuzz;
mod init;
mod marks;
mod pairing;
mod worker;

pub(crate) use marks::Assumed;

use crate::bitstream::{self, Start};
use crate::container::{Codec, Track};
use crate::look::Output;
use crate::process::{Clock, Purse, startup_frames};
use crate::source::{RangeSource, Retries};
use crate::video::within_pixels;
use crate::{Ffmpeg, MediaError, Picture, Stop};
use plan::Group;
use plan::cut::{NoCut, bridged, cut, shares};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, sync_channel};

/// One extraction.
#[derive(Debug)]
pub(crate) struct Feed<'a> {
    pub(crate) source: &'a Arc<dyn RangeSource>,
    pub(crate) track: &'a Track,
    /// The sample of each frame of the timeline.
    pub(crate) samples: &'a [usize],
    pub(crate) temporal_layers: u8,
    pub(crate) output: &'a Output,
    /// What `output` was chosen for, where the decoder has not been asked.
    pub(crate) assumed: Option<&'a Assumed>,
    pub(crate) ffmpeg: &'a Ffmpeg,
    pub(crate) limits: &'a Purse,
    /// Of all of it.
    pub(crate) clock: Clock,
}

/// Makes the pictures of the frames `wanted` (rising), in that order.
///
/// # Errors
/// [`MediaError::IndexUntrue`] where the file is not what its index says.
pub(crate) fn extract(
    feed: &Feed<'_>,
    wanted: &[usize],
    sink: &mut dyn FnMut(Picture) -> Result<(), Stop>,
) -> Result<(), MediaError> {
    let targets: Vec<usize> = wanted.iter().map(|&frame| feed.samples[frame]).collect();
    let groups = cut(&feed.track.samples, &targets).map_err(untrue)?;
    let groups = feed.bridge(groups)?;
    let work: Vec<u64> = groups
        .iter()
        .map(|group| (group.last - group.first + 1) as u64)
        .collect();
    let decoded = work
        .iter()
        .fold(0, |all: u64, &more| all.saturating_add(more));
    within_pixels(
        feed.track.coded,
        decoded.try_into().unwrap_or(usize::MAX),
        feed.limits,
    )?;
    let shares = shares(&work, feed.processes());
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
            let share: Vec<&Group> = share.iter().map(|&group| &groups[group]).collect();
            let (news, pictures) = sync_channel(feed.waiting());
            arriving.push(pictures);
            let stopped = &stopped;
            scope.spawn(move || {
                let mut deliver = |pixels| news.send(Ok(pixels)).map_err(|_| Stop);
                if let Err(error) = worker::work(feed, &share, stopped, &mut deliver) {
                    // Nobody listening: the extraction is over already.
                    let _ = news.send(Err(error));
                }
            });
        }
        let order = groups
            .iter()
            .zip(&worker_of)
            .flat_map(|(group, &worker)| group.targets.iter().map(move |_| worker));
        let taken = take(feed, wanted, order, &arriving, sink);
        stopped.store(true, Ordering::Relaxed);
        drop(arriving);
        taken
    })
}

type Arriving = Receiver<Result<Vec<u8>, MediaError>>;

/// Groups come in order of presentation, and so do the pictures of each.
fn take(
    feed: &Feed<'_>,
    wanted: &[usize],
    order: impl Iterator<Item = usize>,
    arriving: &[Arriving],
    sink: &mut dyn FnMut(Picture) -> Result<(), Stop>,
) -> Result<(), MediaError> {
    for (&frame, worker) in wanted.iter().zip(order) {
        let raw = arriving[worker]
            .recv()
            .map_err(|_| io::Error::other("a worker failed"))??;
        let picture = Picture {
            frame,
            pixels: feed.output.finish(raw),
            form: feed.output.form(),
            size: feed.output.size,
        };
        sink(picture).map_err(|Stop| MediaError::Stopped)?;
    }
    Ok(())
}

/// A container whose samples contradict each other is read by ffmpeg's own demuxer.
fn untrue(error: NoCut) -> MediaError {
    tracing::debug!(?error, "no cut");
    MediaError::IndexUntrue
}

impl Feed<'_> {
    fn is_referenced(&self, sample: &[u8]) -> bool {
        bitstream::is_referenced(self.track.codec, self.temporal_layers, sample)
    }

    /// H.264 of open groups of pictures needs a fresh decoder for each group that does not follow
    /// on the one before. Groups that are near each other are then cheaper decoded as one.
    fn bridge(&self, groups: Vec<Group>) -> Result<Vec<Group>, MediaError> {
        if groups.len() < 2 || !self.starts_fresh(groups[1].first)? {
            return Ok(groups);
        }
        let between = startup_frames(self.track.coded);
        let all: usize = groups
            .iter()
            .map(|group| group.last - group.first + 1)
            .sum();
        // Every process gets several, so that none waits long for another.
        let most = (all / (4 * self.processes())).max(4 * between);
        let runs = groups.chunk_by(|one, next| !self.track.has_gap(one.last, next.first));
        Ok(runs
            .flat_map(|run| bridged(run.to_vec(), between, most))
            .collect())
    }

    fn starts_fresh(&self, sample: usize) -> Result<bool, MediaError> {
        /// Enough for what comes before the first slice.
        const HEAD_BYTES: usize = 2048;
        let (codec, sample) = (self.track.codec, self.track.samples[sample]);
        if !matches!(codec, Codec::H264 { .. }) {
            return Ok(false);
        }
        let mut head = vec![0; HEAD_BYTES.min(sample.size as usize)];
        Retries::default().read_at(&**self.source, sample.offset, &mut head)?;
        Ok(bitstream::start(codec, &head) == Start::Fresh)
    }

    fn processes(&self) -> usize {
        self.limits.processes.max(1)
    }

    /// How many pictures of a process may wait for those of another: a few, and small ones more.
    fn waiting(&self) -> usize {
        const BYTES: usize = 2 << 20;
        (BYTES / self.output.bytes_per_picture().max(1)).min(64)
    }
}
