//! One animated image of a part of a video.
//!
//! Its frames are chosen as pictures are, to the frame; ffmpeg only writes the file.

mod clip_spool;
mod plan;

pub(super) use plan::ClipPlan;

use super::engine::Engine;
use super::failure::{Interrupted, JobFailure};
use super::file::{Emit, OutputFile, give};
use super::request::JobRequest;
use ::plan::{Size, Timeline};
use artifacts::key;
use artifacts::manifest::AnimationEntry;
use clip_spool::ClipSpool;
use contract::animation::{AnimationFormat, AnimationSpec};
use decoder::{AnimationCodec, CpuMeter, EncodedClip, JobLimits, RawClip};
use media::{MediaError, Picture, Video};
use std::collections::BTreeSet;

/// With no more of it black, a part is taken.
const BLACK_PERCENT: usize = 10;

/// An animated image, while the frames of one part after another come.
pub(super) struct AnimationBuilder<'a> {
    engine: &'a Engine,
    request: &'a JobRequest,
    spec: AnimationSpec,
    plan: &'a ClipPlan,
    size: Size,
    /// The part in hand, by its place in the plan.
    part: usize,
    spool: ClipSpool,
    /// The best of those before.
    best: Option<(usize, ClipSpool)>,
}

impl<'a> AnimationBuilder<'a> {
    /// Of other frames than those of `without`, which give no picture.
    pub(super) fn new(
        (engine, request): (&'a Engine, &'a JobRequest),
        (spec, plan): (AnimationSpec, &'a ClipPlan),
        video: &Video,
        without: &BTreeSet<usize>,
    ) -> Result<Self, Interrupted> {
        let size = plan.size(&request.task.spec, video.display())?;
        Ok(Self {
            engine,
            request,
            spec,
            plan,
            size,
            part: 0,
            spool: spool(plan, 0, size, (video.timeline(), without))?,
            best: None,
        })
    }

    /// Of each frame.
    pub(super) fn size(&self) -> Size {
        self.size
    }

    /// The frames of the part in hand, rising.
    pub(super) fn wanted(&self) -> Vec<usize> {
        self.spool.wanted()
    }

    pub(super) fn accept(&mut self, picture: &Picture) -> Result<(), Interrupted> {
        self.spool.keep(picture)
    }

    /// Whether the part in hand will do. If not, the next one is in hand.
    pub(super) fn is_over(
        &mut self,
        timeline: &Timeline,
        without: &BTreeSet<usize>,
    ) -> Result<bool, Interrupted> {
        let next = self.part + 1;
        if self.spool.black_percent() <= BLACK_PERCENT || next >= self.plan.begins_ms.len() {
            return Ok(true);
        }
        let spool = spool(self.plan, next, self.size, (timeline, without))?;
        let last = (self.part, std::mem::replace(&mut self.spool, spool));
        self.part = next;
        self.best = Some(better(self.best.take(), last));
        Ok(false)
    }

    /// Gives the file to `emit`; what a manifest says of it.
    pub(super) fn finish(self, emit: &mut Emit<'_>) -> Result<AnimationEntry, Interrupted> {
        let (part, clip) = better(self.best, (self.part, self.spool));
        let task = &self.request.task;
        let format = self.spec.format;
        let bytes = encode(self.engine, self.request, &self.spec, &clip)?;
        let entry = AnimationEntry {
            key: key::dynamic_image(&task.video_id, &task.job_id, format.name()),
            format: format.name().to_owned(),
            width: self.size.width,
            height: self.size.height,
            frames: clip.frames() as u64,
            frames_per_1000_s: u64::from(self.spec.frames_per_1000_s),
            begin_ms: self.plan.begins_ms.get(part).copied().unwrap_or(0),
            duration_ms: self.plan.length_ms,
            bytes: bytes.len() as u64,
        };
        let file = OutputFile {
            key: entry.key.clone(),
            content_type: format.content_type(),
            bytes,
            of: 1,
        };
        give(emit, file)?;
        Ok(entry)
    }
}

/// Room for one part. A frame that gives no picture is that before it once more, or the first that does.
fn spool(
    plan: &ClipPlan,
    part: usize,
    size: Size,
    (timeline, without): (&Timeline, &BTreeSet<usize>),
) -> Result<ClipSpool, Interrupted> {
    let begin_ms = plan.begins_ms.get(part).copied().unwrap_or(0);
    let frames: Vec<_> = plan
        .times(begin_ms)
        .map(|at_ms| timeline.shown_at(at_ms))
        .collect();
    let is_good = |frame: &&usize| !without.contains(*frame);
    let mut last = frames.iter().find(is_good).copied();
    let shown = frames.iter().map(|frame| {
        last = Some(*frame).filter(|frame| is_good(&frame)).or(last);
        last
    });
    let shown: Option<Vec<_>> = shown.collect();
    let shown = shown.ok_or_else(|| JobFailure::bad_content("no frame decodes"))?;
    ClipSpool::new(shown, size)
}

/// The less black one; of equal ones the earlier in the plan.
fn better(known: Option<(usize, ClipSpool)>, other: (usize, ClipSpool)) -> (usize, ClipSpool) {
    match known {
        Some(known) if known.1.black_percent() <= other.1.black_percent() => known,
        _ => other,
    }
}

fn encode(
    engine: &Engine,
    request: &JobRequest,
    spec: &AnimationSpec,
    clip: &ClipSpool,
) -> Result<Vec<u8>, Interrupted> {
    let limits = JobLimits::new(&request.limits(engine), &CpuMeter::default());
    let codec = match spec.format {
        AnimationFormat::Gif => AnimationCodec::Gif,
        AnimationFormat::Webp => AnimationCodec::Webp,
    };
    let raw = RawClip {
        file: &clip.file,
        size: clip.size,
        frames_per_1000_s: spec.frames_per_1000_s,
        frames: clip.frames(),
    };
    let most = usize::try_from(limits.output_bytes).unwrap_or(usize::MAX);
    let encoded = raw.encode(&engine.ffmpeg, codec, &limits, most);
    match encoded.map_err(MediaError::from)? {
        EncodedClip::File(bytes) => Ok(bytes),
        EncodedClip::TooLarge => {
            let over = limits.exceeded(::plan::Budget::OutputBytes);
            Err(MediaError::from(over).into())
        }
        EncodedClip::NotByThisBuild(detail) => {
            tracing::warn!(detail, "an animated image could not be written");
            let name = spec.format.name();
            Err(plan::refused(format!(
                "The ffmpeg of this deployment cannot write {name}."
            )))
        }
    }
}
