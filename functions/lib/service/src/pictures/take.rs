//! Passes over one video until every picture asked for is there or known not to be.

use super::apart::{self, Ended};
use super::failure::{BAD, Stop};
use super::making::Making;
use super::output::Output;
use super::progress::Progress;
use super::shots::{choose, times};
use super::{Deadline, Engine};
use crate::model::{Job, VideoFacts};
use artifacts::Manifest;
use contract::snapshot::SnapshotSpec;
use media::{MediaError, Picture, PictureFormat, PixelLayout, Video};
use plan::Size;
use plan::{Limits, Stalls};
use source::RangeSource;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// One job on one file.
#[derive(Debug, Clone)]
pub struct Order {
    /// What to take.
    pub job: Job,
    /// The video.
    pub source: Arc<dyn RangeSource>,
    /// What an earlier run has done.
    pub done: Progress,
    /// When to stop at what is done.
    pub until: Deadline,
}

impl Order {
    /// All of a job, however long it takes.
    #[must_use]
    pub fn whole(job: Job, source: Arc<dyn RangeSource>) -> Self {
        Self {
            job,
            source,
            done: Progress::default(),
            until: Deadline::none(),
        }
    }

    /// No call may take longer than there is time.
    pub(super) fn limits(&self, engine: &Engine) -> Limits {
        Limits {
            wall: self.until.bound(engine.limits.wall),
            deadline: self.until.clone(),
            ..engine.limits.clone()
        }
    }
}

/// What most files are.
pub(super) const JPEG: &str = "image/jpeg";

/// One file to store.
#[derive(Debug)]
pub struct File {
    /// Its object key.
    pub key: String,
    /// What it is.
    pub content_type: &'static str,
    /// All of it.
    pub bytes: Vec<u8>,
    /// How many files this pass over the video makes in all.
    pub of: usize,
}

/// What was taken, and what the file turned out to be.
#[derive(Debug)]
pub struct Taken {
    /// Each picture, and each point that gave none.
    pub manifest: Manifest,
    /// Of the file.
    pub facts: VideoFacts,
}

/// What comes of taking pictures, piece by piece.
#[derive(Debug)]
pub enum Made {
    /// A file to store.
    File(File),
    /// So much is done once all files before this are stored: another run may go on from there.
    /// What is not known here, the keys written and what was used, is for whoever keeps it.
    Checkpoint(Box<Progress>),
}

/// Takes what was made; false when nobody wants any more.
pub type Emit<'a> = dyn FnMut(Made) -> bool + 'a;

/// Takes the pictures of `order`, giving each file to `emit` as soon as it is made. A file may
/// be given again, whole, when a pass has to be repeated; the last one counts. At an interval
/// what is done is given too.
///
/// Within about half a second after the order's time is over this returns [`Stop::Pause`],
/// whatever it was about, unless it is `emit` that waits.
///
/// # Errors
/// See [`Stop`].
pub fn take(engine: &Engine, order: &Order, emit: &mut Emit<'_>) -> Result<Taken, Stop> {
    let mut engine = engine.clone();
    // Its own: what one job waits for is nothing to others.
    engine.limits.stalls = Stalls::default();
    let stalls = engine.limits.stalls.clone();
    let (mut own, mut known) = (order.clone(), order.done.clone());
    // What is left behind is told to end, as soon as whatever it waits for lets it.
    let until = order.until.child();
    own.until = until.clone();
    let mut emit = |made: Made| {
        if let Made::Checkpoint(done) = &made {
            known.clone_from(done);
        }
        emit(made)
    };
    let ended = apart::run(&order.until, &stalls, &mut emit, move |emit| {
        take_here(&engine, &own, emit)
    })?;
    match ended {
        Ended::Done(taken) => taken,
        Ended::Left => {
            until.end();
            Err(Stop::Pause(Box::new(known)))
        }
        Ended::Unanswered(time) => {
            until.end();
            let seconds = time.as_secs();
            Err(Stop::Retry(format!(
                "the source has not answered for {seconds} s"
            )))
        }
    }
}

/// As [`take`], on this thread.
fn take_here(engine: &Engine, order: &Order, emit: &mut Emit<'_>) -> Result<Taken, Stop> {
    let mut done = order.done.clone();
    match take_on(engine, order, &mut done, emit) {
        // Whatever fails when the time is over may have failed for that.
        Err(Stop::Retry(_) | Stop::Crashed(_) | Stop::Fail(_)) if order.until.is_over() => {
            Err(Stop::Pause(Box::new(done)))
        }
        ended => ended,
    }
}

/// Takes what is not in `done`, which says how far it came where it stops.
fn take_on(
    engine: &Engine,
    order: &Order,
    done: &mut Progress,
    emit: &mut Emit<'_>,
) -> Result<Taken, Stop> {
    let mut video = opened(engine, order, done)?;
    loop {
        match take_once(engine, order, &video, done, emit) {
            // Whoever stops us may have told the decoder too: what it left out is nothing learnt.
            Err(Again::Relist | Again::Without(_)) if order.until.is_over() => {
                return Err(Stop::Retry("its time is over".to_owned()));
            }
            Err(Again::Relist) => {
                video.relist(&engine.ffmpeg, &order.limits(engine))?;
                done.relists += 1;
                done.damaged.clear();
                done.renumbered();
            }
            // Files are numbered without holes, so a frame that gives no picture means that all
            // after it are named anew.
            Err(Again::Without(frames)) => {
                done.damaged.extend(frames);
                done.renumbered();
            }
            Err(Again::Stop(stop)) => return Err(stop),
            Ok(manifest) => {
                return Ok(Taken {
                    manifest,
                    facts: facts(&video),
                });
            }
        }
    }
}

/// The video, listed as it was when an earlier run stopped.
fn opened(engine: &Engine, order: &Order, done: &mut Progress) -> Result<Video, Stop> {
    let source = Arc::clone(&order.source);
    let limits = order.limits(engine);
    let mut video = Video::open_sparse(&engine.ffmpeg, source, &limits)?;
    let duration_ms = video.timeline().duration_ms();
    let times = times(&order.job.spec, duration_ms, engine.max_snapshots)?;
    video.focus(&engine.ffmpeg, &times, &limits)?;
    for _ in 0..done.relists {
        video.relist(&engine.ffmpeg, &limits)?;
    }
    let (facts, identity) = (facts(&video), order.source.identity());
    let other = done.source.is_some() && done.source != identity;
    if other
        || done
            .facts
            .as_ref()
            .is_some_and(|before| !before.are_those_of(&facts))
    {
        let (usage, written) = (done.usage, std::mem::take(&mut done.written));
        *done = Progress {
            written,
            usage,
            ..Progress::default()
        };
    }
    (done.facts, done.source) = (Some(facts), identity);
    Ok(video)
}

/// Why a pass over the video does not count.
enum Again {
    /// The container's own list of frames is not what comes out of it.
    Relist,
    /// These frames give no picture.
    Without(Vec<usize>),
    /// For ever, or for now.
    Stop(Stop),
}

impl<E: Into<Stop>> From<E> for Again {
    fn from(error: E) -> Self {
        Self::Stop(error.into())
    }
}

fn take_once(
    engine: &Engine,
    order: &Order,
    video: &Video,
    done: &mut Progress,
    emit: &mut Emit<'_>,
) -> Result<Manifest, Again> {
    let mut output = Output::new(&engine.limits, done);
    let taken = take_all(engine, order, video, done, &mut |made| match made {
        Made::File(file) => output.give(file, emit),
        checkpoint @ Made::Checkpoint(_) => emit(checkpoint),
    });
    match output.over() {
        Some(stop) => Err(Again::Stop(stop)),
        None => taken,
    }
}

fn take_all(
    engine: &Engine,
    order: &Order,
    video: &Video,
    done: &mut Progress,
    emit: &mut Emit<'_>,
) -> Result<Manifest, Again> {
    let spec = &order.job.spec;
    let timeline = video.timeline();
    let shots = choose(spec, timeline, engine.max_snapshots, &done.damaged)?;
    if shots.taken.is_empty() {
        return Err(Stop::fail(
            BAD,
            "The resource operated is bad/broken: no frame decodes.",
        )
        .into());
    }
    let size = video
        .display()
        .fitted(spec.width, spec.height)
        .map_err(bad)?;
    let mut making = Making::new(engine, order, video, &shots, size)?;
    making.resume(done);
    let wanted = making.wanted();
    let mut stop = None;
    let mut interval = Interval::new(engine.checkpoint_every);
    let extracted = {
        let mut sink = |picture: Picture| {
            let accepted = making.accept(&picture, &mut *emit);
            let accepted = accepted.and_then(|()| making.go_on(&order.until));
            if accepted.is_ok() && making.is_open() && interval.is_over() {
                interval.restart(making.mark(done, emit));
            }
            accepted.map_err(|cause| {
                stop = Some(cause);
                media::SinkClosed
            })
        };
        let (target, limits) = (target(spec, size)?, order.limits(engine));
        video.extract(&engine.ffmpeg, &wanted, target, &limits, &mut sink)
    };
    making.record(done);
    if let Some(stop) = stop {
        return Err(Again::Stop(stop));
    }
    match extracted {
        Ok(missing) if missing.is_empty() => Ok(making.finish(emit)?),
        Ok(missing) => Err(Again::Without(missing)),
        Err(MediaError::IndexMismatch) => Err(Again::Relist),
        Err(error) => Err(error.into()),
    }
}

/// The time between two checkpoints.
struct Interval {
    every: Duration,
    next: Option<Instant>,
}

impl Interval {
    /// What a checkpoint takes for each picture that is done, with much to spare: a job of a
    /// million pictures does not spend its time on saying so.
    const FOR_EACH: Duration = Duration::from_micros(50);

    fn new(every: Duration) -> Self {
        let next = Instant::now().checked_add(every);
        Self { every, next }
    }

    fn is_over(&self) -> bool {
        self.next.is_some_and(|next| Instant::now() >= next)
    }

    fn restart(&mut self, pictures: usize) {
        let pictures = u32::try_from(pictures).unwrap_or(u32::MAX);
        // No interval at all is for tests, in which each picture has one.
        let for_all = match self.every.is_zero() {
            true => Duration::ZERO,
            false => Self::FOR_EACH.saturating_mul(pictures),
        };
        self.next = Instant::now().checked_add(self.every.saturating_add(for_all));
    }
}

/// Whether the pictures themselves are stored, and not only the sheets made of them.
pub(crate) fn keeps_pictures(spec: &SnapshotSpec) -> bool {
    spec.sprite
        .as_ref()
        .is_none_or(|sprite| sprite.keep_cell_pic)
}

/// Pictures that do not stay are decoded straight to the size of their cells.
fn making_size(spec: &SnapshotSpec, size: Size) -> Result<Size, Stop> {
    match &spec.sprite {
        Some(sprite) if !sprite.keep_cell_pic => size
            .fitted(sprite.cell_width, sprite.cell_height)
            .map_err(bad),
        _ => Ok(size),
    }
}

/// Cells are put together from RGB; other pictures go into a JPEG as it stores them.
fn target(spec: &SnapshotSpec, size: Size) -> Result<PictureFormat, Stop> {
    let layout = match &spec.sprite {
        Some(_) => PixelLayout::Rgb24,
        None => PixelLayout::Yuv420Full,
    };
    let size = making_size(spec, size)?;
    Ok(PictureFormat { size, layout })
}

pub(super) fn jpeg(picture: &Picture, quality: artifacts::Quality) -> Result<Vec<u8>, Stop> {
    let (pixels, size) = (&picture.pixels, picture.size);
    let encoded = match picture.layout {
        PixelLayout::Rgb24 => artifacts::jpeg::encode(pixels, size, quality),
        PixelLayout::Yuv420Full => artifacts::jpeg::encode_planes(pixels, size, quality),
    };
    encoded.map_err(bad)
}

pub(super) fn bad(error: impl std::fmt::Display) -> Stop {
    Stop::fail(BAD, crate::text::sentence(&error.to_string()))
}

pub(crate) fn facts(video: &Video) -> VideoFacts {
    let display = video.display();
    VideoFacts {
        duration_ms: video.timeline().duration_ms(),
        width: display.width,
        height: display.height,
        frame_rate: video.frame_rate(),
        codec: video.codec().to_owned(),
        size_bytes: video.bytes(),
    }
}
