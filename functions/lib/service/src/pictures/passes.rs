//! Passes over one video until every picture asked for is there or known not to be.

mod opening;

use super::animation::{AnimationBuilder, ClipPlan};
use super::builder::PassBuilder;
use super::checkpoint::Checkpoint;
use super::cover::CoverBuilder;
use super::empty_manifest::empty_manifest;
use super::engine::Engine;
use super::failure::{Interrupted, JobFailure};
use super::file::{Emit, PassOutput};
use super::large_job::LargeJob;
use super::listed_times::ListedTimes;
use super::output_budget::OutputBudget;
use super::own_thread::{self, Ended};
use super::parts::parts;
use super::picture_size::{picture_size, target};
use super::request::JobRequest;
use super::scope::Scope;
use super::selection::{Selection, choose};
use super::video_info::video_info;
use crate::model::{SnapshotType, VideoInfo};
use artifacts::Manifest;
use contract::animation::AnimationSpec;
use media::{MediaError, Picture, PictureFormat, TrackExcerpt, Video};
use plan::Stalls;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What was taken, and what the file turned out to be.
#[derive(Debug)]
pub struct PicturesTaken {
    /// Each picture, and each point that gave none.
    pub manifest: Manifest,
    /// Of the file.
    pub facts: VideoInfo,
}

/// Takes the pictures of `request`, giving each file to `emit` as soon as it is made. A file may
/// be given again, whole, when a pass has to be repeated; the last one counts. At an interval
/// what is done is given too.
///
/// Within about half a second after the request's time is over this returns
/// [`Interrupted::Paused`], whatever it was about, unless it is `emit` that waits.
///
/// # Errors
/// See [`Interrupted`].
pub fn take(
    engine: &Engine,
    request: &JobRequest,
    emit: &mut Emit<'_>,
) -> Result<PicturesTaken, Interrupted> {
    let mut engine = engine.clone();
    // Its own: what one job waits for is nothing to others.
    engine.limits.stalls = Stalls::default();
    let stalls = engine.limits.stalls.clone();
    let (mut own, mut known) = (request.clone(), request.done.clone());
    // What is left behind is told to end, as soon as whatever it waits for lets it.
    let until = request.until.child();
    own.until = until.clone();
    let mut emit = |made: PassOutput| {
        if let PassOutput::Checkpoint(done) = &made {
            known.clone_from(done);
        }
        emit(made)
    };
    let ended = own_thread::run(&request.until, &stalls, &mut emit, move |emit| {
        Passes::new(&engine, &own, emit).run()
    })?;
    match ended {
        Ended::Done(taken) => taken,
        Ended::Left => {
            until.end();
            Err(Interrupted::Paused(Box::new(known)))
        }
        Ended::Unanswered(time) => {
            until.end();
            let seconds = time.as_secs();
            Err(Interrupted::Retry(format!(
                "the source has not answered for {seconds} s"
            )))
        }
    }
}

/// All passes over the video of one request, on this thread.
struct Passes<'a, 'e> {
    engine: &'a Engine,
    request: &'a JobRequest,
    /// How far the passes came, where they stop.
    done: Checkpoint,
    /// What an animated image shows; none of other jobs.
    clip: Option<ClipPlan>,
    /// What the timeline lists.
    listed: ListedTimes,
    /// In place of the index, until it does not tell enough.
    excerpt: Option<Arc<TrackExcerpt>>,
    emit: &'a mut Emit<'e>,
}

impl<'a, 'e> Passes<'a, 'e> {
    fn new(engine: &'a Engine, request: &'a JobRequest, emit: &'a mut Emit<'e>) -> Self {
        Self {
            engine,
            request,
            done: request.done.clone(),
            clip: None,
            listed: ListedTimes::All,
            excerpt: request.excerpt.clone(),
            emit,
        }
    }

    fn run(mut self) -> Result<PicturesTaken, Interrupted> {
        match self.take_missing() {
            // Whatever fails when the time is over may have failed for that.
            Err(Interrupted::Retry(_) | Interrupted::Crashed(_) | Interrupted::Failed(_))
                if self.request.until.is_over() =>
            {
                Err(Interrupted::Paused(Box::new(self.done)))
            }
            ended => ended,
        }
    }

    /// Takes what is not done.
    fn take_missing(&mut self) -> Result<PicturesTaken, Interrupted> {
        let mut video = self.open()?;
        let is_part = matches!(self.request.scope, Scope::Part(_));
        loop {
            match self.pass(&video) {
                // Whoever stops us may have told the decoder too: what it left out is nothing
                // learnt.
                Err(Again::Relist | Again::Without(_)) if self.request.until.is_over() => {
                    return Err(time_is_over());
                }
                // All that the index tells may say more.
                Err(Again::Relist | Again::Without(_)) if self.listed == ListedTimes::OfExcerpt => {
                    video = self.open()?;
                    continue;
                }
                Err(Again::Relist) => {
                    if !is_part {
                        video.relist(&self.engine.ffmpeg, &self.request.limits(self.engine))?;
                    }
                    self.done.relists += 1;
                    self.done.damaged.clear();
                    self.done.renumbered();
                }
                // Files are numbered without holes, so a frame that gives no picture means that
                // all after it are named anew.
                Err(Again::Without(frames)) => self.leave_out(&video, frames)?,
                Err(Again::Unlisted) => self.list_all(&mut video)?,
                Err(Again::Stop(stop)) => return Err(stop),
                Ok(manifest) => {
                    let one_run_reason = self.done.one_run_reason.clone();
                    return Ok(PicturesTaken {
                        manifest: Manifest {
                            one_run_reason,
                            ..manifest
                        },
                        facts: video_info(&video),
                    });
                }
            }
            // Whoever joins the parts goes on from what was learnt.
            if is_part {
                return Err(Interrupted::Paused(Box::new(self.done.clone())));
            }
        }
    }

    /// One pass, within the bytes that all files may have.
    fn pass(&mut self, video: &Video) -> Result<Manifest, Again> {
        let mut budget = OutputBudget::new(&self.engine.limits, &self.done);
        let pass = Pass {
            engine: self.engine,
            request: self.request,
            video,
            listed: &self.listed,
            clip: self.clip.as_ref(),
        };
        let emit = &mut *self.emit;
        let taken = pass.run(&mut self.done, &mut |made| match made {
            PassOutput::File(file) => budget.give(file, emit),
            checkpoint @ PassOutput::Checkpoint(_) => emit(checkpoint),
        });
        match budget.over() {
            Some(stop) => Err(Again::Stop(stop)),
            None => taken,
        }
    }
}

/// Why a pass over the video does not count.
enum Again {
    /// The container's own list of frames is not what comes out of it.
    Relist,
    /// These frames give no picture.
    Without(Vec<usize>),
    /// Pictures are to be taken of a video whose frames are not listed.
    Unlisted,
    /// For ever, or for now.
    Stop(Interrupted),
}

impl<E: Into<Interrupted>> From<E> for Again {
    fn from(error: E) -> Self {
        Self::Stop(error.into())
    }
}

/// One pass over an open video.
struct Pass<'a> {
    engine: &'a Engine,
    request: &'a JobRequest,
    video: &'a Video,
    listed: &'a ListedTimes,
    clip: Option<&'a ClipPlan>,
}

impl Pass<'_> {
    fn run(&self, done: &mut Checkpoint, emit: &mut Emit<'_>) -> Result<Manifest, Again> {
        if self.request.task.kind == SnapshotType::CoverSnapshot {
            return self.covers(done, emit);
        }
        if let Some((animation, clip)) = self.request.task.spec.animation.zip(self.clip) {
            return self.animation((animation, clip), done, emit);
        }
        let (engine, spec) = (self.engine, &self.request.task.spec);
        let selection = self.selection(done)?;
        let size = picture_size(spec).of(self.video.display())?;
        let mut builder = PassBuilder::new(engine, self.request, self.video, &selection, size)?;
        builder.resume(done)?;
        let wanted = builder.wanted();
        if !wanted.is_empty() && *self.listed == ListedTimes::Nothing {
            return Err(Again::Unlisted);
        }
        if let Scope::Dividable(most) = self.request.scope {
            let limits = self.request.limits(engine);
            let frames = (self.video, &wanted[..]);
            let parts = parts(&builder, &selection, frames, most, &limits)?;
            if parts.len() > 1 {
                let done = done.clone();
                let large = Box::new(LargeJob { done, parts });
                return Err(Again::Stop(Interrupted::Large(large)));
            }
        }
        let target = target(spec, builder.cell());
        let mut interval = CheckpointInterval::new(engine.checkpoint_every);
        let extracted = self.extract(&wanted, target, &mut |picture| {
            builder.accept(&picture, &mut *emit)?;
            builder.go_on(&self.request.until)?;
            if builder.is_open() && interval.is_over() {
                interval.restart(builder.emit_checkpoint(done, emit)?);
            }
            Ok(())
        });
        let kept = builder.keep_shared_cells(emit);
        builder.record(done);
        extracted?;
        kept?;
        match self.request.scope {
            Scope::Part(_) => Err(Again::Stop(Interrupted::Paused(Box::new(done.clone())))),
            Scope::Whole | Scope::Dividable(_) => Ok(builder.finish(emit)?),
        }
    }

    /// Covers are told apart once all frames have been looked at: until then nothing is done.
    fn covers(&self, done: &Checkpoint, emit: &mut Emit<'_>) -> Result<Manifest, Again> {
        let (engine, task) = (self.engine, &self.request.task);
        let target = target(&task.spec, None);
        let mut covers = CoverBuilder::new(engine, task, self.video, &done.damaged);
        loop {
            let wanted = covers.wanted();
            if wanted.is_empty() {
                break;
            }
            let extracted = self.extract(&wanted, target, &mut |picture| {
                covers.accept(&picture)?;
                match self.request.until.is_over() {
                    true => Err(time_is_over()),
                    false => Ok(()),
                }
            });
            match extracted {
                // A frame that gives no picture is no cover.
                Ok(()) | Err(Again::Without(_)) => {}
                Err(Again::Stop(_)) if covers.can_do_without() && !self.request.until.is_over() => {
                }
                Err(again) => return Err(again),
            }
        }
        let (pictures, candidates) = covers.finish(emit)?;
        Ok(Manifest {
            pictures,
            candidates,
            ..empty_manifest(engine, task, self.video)
        })
    }

    /// All of its frames make one file: until that is there nothing is done.
    fn animation(
        &self,
        what: (AnimationSpec, &ClipPlan),
        done: &Checkpoint,
        emit: &mut Emit<'_>,
    ) -> Result<Manifest, Again> {
        let (engine, request, video) = (self.engine, self.request, self.video);
        let of = (engine, request);
        let mut builder = AnimationBuilder::new(of, what, video, &done.damaged)?;
        let target = PictureFormat::from(builder.size());
        loop {
            let wanted = builder.wanted();
            self.extract(&wanted, target, &mut |picture| {
                builder.accept(&picture)?;
                match request.until.is_over() {
                    true => Err(time_is_over()),
                    false => Ok(()),
                }
            })?;
            if builder.is_over(video.timeline(), &done.damaged)? {
                break;
            }
        }
        Ok(Manifest {
            animation: Some(builder.finish(emit)?),
            ..empty_manifest(engine, &request.task, video)
        })
    }

    /// Gives the pictures of the frames `wanted` to `accept`, until that wants no more.
    fn extract(
        &self,
        wanted: &[usize],
        target: PictureFormat,
        accept: &mut dyn FnMut(Picture) -> Result<(), Interrupted>,
    ) -> Result<(), Again> {
        let mut stop = None;
        let mut sink = |picture: Picture| {
            accept(picture).map_err(|cause| {
                stop = Some(cause);
                media::SinkClosed
            })
        };
        let limits = self.request.limits(self.engine);
        let ffmpeg = &self.engine.ffmpeg;
        let extracted = self
            .video
            .extract(ffmpeg, wanted, target, &limits, &mut sink);
        if let Some(stop) = stop {
            return Err(Again::Stop(stop));
        }
        match extracted {
            Ok(missing) if missing.is_empty() => Ok(()),
            Ok(missing) => Err(Again::Without(missing)),
            Err(MediaError::IndexMismatch) => Err(Again::Relist),
            Err(error) => Err(error.into()),
        }
    }

    /// Which frames stand for which points, without those known to give no picture.
    fn selection(&self, done: &Checkpoint) -> Result<Selection, Interrupted> {
        let (spec, timeline) = (&self.request.task.spec, self.video.timeline());
        let selection = choose(spec, timeline, self.engine.max_snapshots, &done.damaged)?;
        if selection.taken.is_empty() {
            return Err(JobFailure::bad_content("no frame decodes").into());
        }
        Ok(selection)
    }
}

fn time_is_over() -> Interrupted {
    Interrupted::Retry("the time of the run is over".to_owned())
}

/// The time between two checkpoints.
struct CheckpointInterval {
    every: Duration,
    next: Option<Instant>,
}

impl CheckpointInterval {
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
