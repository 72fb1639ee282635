//! Passes over one video until every picture asked for is there or known not to be.

use super::Engine;
use super::failure::{BAD, Stop};
use super::progress::Progress;
use super::shots::{Shots, choose};
use super::sprite::Sprite;
use super::until::Until;
use super::{stored, webvtt};
use crate::model::{Job, SnapshotType, VideoFacts};
use artifacts::Manifest;
use artifacts::manifest::PictureEntry;
use contract::snapshot::SnapshotSpec;
use media::{Limits, MediaError, Picture, RangeSource, Video};
use plan::Size;
use std::collections::BTreeSet;
use std::sync::Arc;

/// One job on one file.
#[derive(Debug)]
pub struct Order {
    /// What to take.
    pub job: Job,
    /// The video.
    pub source: Arc<dyn RangeSource>,
    /// What an earlier run has done.
    pub done: Progress,
    /// When to stop at what is done.
    pub until: Until,
}

impl Order {
    /// All of a job, however long it takes.
    #[must_use]
    pub fn whole(job: Job, source: Arc<dyn RangeSource>) -> Self {
        Self {
            job,
            source,
            done: Progress::default(),
            until: Until::told(),
        }
    }

    /// No call may take longer than there is time.
    fn limits(&self, engine: &Engine) -> Limits {
        Limits {
            wall: self.until.bound(engine.limits.wall),
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

/// Takes a file; false when nobody wants any more.
pub type Emit<'a> = dyn FnMut(File) -> bool + 'a;

/// Takes the pictures of `order`, giving each file to `emit` as soon as it is made. A file may
/// be given again, whole, when a pass has to be repeated; the last one counts.
///
/// # Errors
/// See [`Stop`].
pub fn take(engine: &Engine, order: &Order, emit: &mut Emit<'_>) -> Result<Taken, Stop> {
    let mut done = order.done.clone();
    match take_on(engine, order, &mut done, emit) {
        // Whatever fails when the time is over may have failed for that.
        Err(Stop::Retry(_) | Stop::Fail(_)) if order.until.is_over() => {
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
    let mut video = Video::open_source(&engine.ffmpeg, source, &order.limits(engine))?;
    for _ in 0..done.relists {
        video.relist(&engine.ffmpeg, &order.limits(engine))?;
    }
    let facts = facts(&video);
    if done.facts.as_ref().is_some_and(|before| *before != facts) {
        let (usage, written) = (done.usage, std::mem::take(&mut done.written));
        *done = Progress {
            usage,
            written,
            ..Progress::default()
        };
    }
    done.facts = Some(facts);
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
    let extracted = {
        let mut sink = |picture: Picture| {
            let accepted = making.accept(&picture, &mut *emit);
            let accepted = accepted.and_then(|()| making.go_on(&order.until));
            accepted.map_err(|cause| {
                stop = Some(cause);
                media::Stop
            })
        };
        let (size, limits) = (making_size(spec, size)?, order.limits(engine));
        video.extract(&engine.ffmpeg, &wanted, size, &limits, &mut sink)
    };
    making.record(done);
    if let Some(stop) = stop {
        return Err(Again::Stop(stop));
    }
    match extracted {
        Ok(missing) if missing.is_empty() => Ok(making.finish(emit)?),
        Ok(missing) => Err(Again::Without(missing)),
        Err(MediaError::IndexUntrue) => Err(Again::Relist),
        Err(error) => Err(error.into()),
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

pub(super) fn bad(error: impl std::fmt::Display) -> Stop {
    Stop::fail(BAD, crate::text::sentence(&error.to_string()))
}

/// A pass in progress.
struct Making<'a> {
    engine: &'a Engine,
    job: &'a Job,
    video: &'a Video,
    shots: &'a Shots,
    pictures: Vec<Option<PictureEntry>>,
    sprite: Option<Sprite>,
    /// How many files come of this pass.
    files: usize,
}

impl<'a> Making<'a> {
    fn new(
        engine: &'a Engine,
        order: &'a Order,
        video: &'a Video,
        shots: &'a Shots,
        size: Size,
    ) -> Result<Self, Stop> {
        let (job, count) = (&order.job, shots.taken.len());
        let sprite = job.spec.sprite.as_ref();
        let sprite = sprite.map(|spec| Sprite::new(spec, job, size, count, engine.quality));
        let sprite = sprite.transpose()?;
        let pictures = sprite.as_ref().map_or(count, Sprite::files);
        let files = pictures + usize::from(job.kind == SnapshotType::WebVttSnapshot);
        Ok(Self {
            engine,
            job,
            video,
            shots,
            pictures: vec![None; count],
            sprite,
            files,
        })
    }

    /// Takes over what an earlier run has done.
    fn resume(&mut self, done: &Progress) {
        for (&shot, entry) in &done.pictures {
            if let Some(place) = self.pictures.get_mut(shot) {
                *place = Some(entry.clone());
            }
        }
        if let Some(sprite) = &mut self.sprite {
            sprite.resume(&done.sheets);
        }
    }

    /// The frames of shots that are not done.
    fn wanted(&self) -> Vec<usize> {
        let open = |shot: &usize| self.pictures[*shot].is_none();
        let frames = self.shots.by_frame.iter();
        frames
            .filter(|(_, shots)| shots.iter().any(open))
            .map(|(frame, _)| *frame)
            .collect()
    }

    /// Stops when the time is over, unless nothing is left to do.
    fn go_on(&self, until: &Until) -> Result<(), Stop> {
        if until.is_over() && self.pictures.iter().any(Option::is_none) {
            return Err(Stop::Retry("its time is over".to_owned()));
        }
        Ok(())
    }

    /// What another run need not do again. Cells of a sheet that is not full are lost with it.
    fn record(&self, done: &mut Progress) {
        let sheets = self.sprite.as_ref().map(|sprite| sprite.done().cloned());
        done.sheets = sheets.into_iter().flatten().collect();
        let whole: BTreeSet<_> = done.sheets.iter().map(|sheet| sheet.index).collect();
        let kept = |entry: &PictureEntry| entry.sheet.is_none_or(|sheet| whole.contains(&sheet));
        let pictures = self.pictures.iter().enumerate();
        done.pictures = pictures
            .filter_map(|(shot, entry)| Some((shot, entry.clone()?)))
            .filter(|(_, entry)| kept(entry))
            .collect();
    }

    /// Every shot of one frame that is not done; two points on the same frame are two pictures.
    fn accept(&mut self, picture: &Picture, emit: &mut Emit<'_>) -> Result<(), Stop> {
        let keeps = keeps_pictures(&self.job.spec);
        let jpeg = if keeps {
            artifacts::jpeg::encode(&picture.pixels, picture.size, self.engine.quality)
                .map_err(bad)?
        } else {
            Vec::new()
        };
        let shots = self
            .shots
            .by_frame
            .get(&picture.frame)
            .map_or(&[][..], Vec::as_slice);
        for &shot in shots {
            if self.pictures[shot].is_some() {
                continue;
            }
            let mut entry = self.entry(shot, picture);
            if keeps {
                entry.key = Some(self.key(shot));
                entry.bytes = jpeg.len() as u64;
                give(
                    emit,
                    File {
                        key: self.key(shot),
                        content_type: JPEG,
                        bytes: jpeg.clone(),
                        of: self.files,
                    },
                )?;
            }
            if let Some(sprite) = &mut self.sprite {
                let (sheet, cell) = sprite.place(shot, picture, emit)?;
                (entry.sheet, entry.cell) = (Some(sheet), Some(cell));
            }
            self.pictures[shot] = Some(entry);
        }
        Ok(())
    }

    fn entry(&self, shot: usize, picture: &Picture) -> PictureEntry {
        PictureEntry {
            index: number(shot),
            requested_ms: self.shots.taken[shot].requested_ms,
            presentation_us: self.video.timeline().presentation_us(picture.frame),
            key: None,
            width: picture.size.width,
            height: picture.size.height,
            bytes: 0,
            sheet: None,
            cell: None,
        }
    }

    fn key(&self, shot: usize) -> String {
        let kind = match self.sprite {
            Some(_) => SnapshotType::SpriteOriginSnapshot,
            None => self.job.kind,
        };
        stored::key(self.job, kind, number(shot))
    }

    fn finish(mut self, emit: &mut Emit<'_>) -> Result<Manifest, Stop> {
        let grid = self.sprite.as_ref().map(Sprite::grid);
        let sheets = match self.sprite.take() {
            Some(sprite) => sprite.finish(emit)?,
            None => Vec::new(),
        };
        let pictures: Option<Vec<_>> = self.pictures.into_iter().collect();
        let Some(pictures) = pictures else {
            return Err(Stop::Retry(
                "the decoder gave fewer pictures than it said".to_owned(),
            ));
        };
        let duration_ms = self.video.timeline().duration_ms();
        let mut web_vtt = None;
        if self.job.kind == SnapshotType::WebVttSnapshot {
            let file = webvtt::file(self.job, &pictures, grid.as_ref(), duration_ms, self.files);
            web_vtt = Some(file.key.clone());
            give(emit, file)?;
        }
        let display = self.video.display();
        Ok(Manifest {
            job_id: self.job.id.clone(),
            video_id: self.job.video_id.clone(),
            snapshot_type: self.job.kind.name().to_owned(),
            status: "Success".to_owned(),
            creation_time: contract::id::utc_time(self.job.created_ms),
            path: self.video.path_taken().to_owned(),
            path_reason: self.video.why_not_cut().map(str::to_owned),
            ffmpeg: self.engine.ffmpeg.version.to_string(),
            duration_ms,
            width: display.width,
            height: display.height,
            codec: self.video.codec().to_owned(),
            pictures,
            sheets,
            web_vtt,
            missing: self.shots.missing.clone(),
            usage: None,
        })
    }
}

/// Files and shots count from 1 outside, from 0 inside.
pub(super) fn number(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

pub(super) fn give(emit: &mut Emit<'_>, file: File) -> Result<(), Stop> {
    let stored = emit(file);
    stored
        .then_some(())
        .ok_or_else(|| Stop::Retry("the pictures could not be stored".to_owned()))
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
