//! Covers: a few frames are looked at, and the best become pictures, the best first.
//!
//! What a plain list of times gives is often black: videos fade in. So black, empty and damaged frames
//! are covers only where there is nothing else.

mod look;
mod thumbnail;

use super::encoding;
use super::engine::Engine;
use super::failure::{Interrupted, JobFailure};
use super::file::{Emit, OutputFile, give, number};
use super::keys::PictureKeys;
use super::request::SnapshotTask;
use crate::model::SnapshotType;
use artifacts::manifest::{CoverCandidate, CoverFlaw, PictureEntry};
use contract::snapshot::{PointSpec, SnapshotSpec};
use look::Look;
use media::{Picture, Video};
use plan::{Size, cover};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// As many frames as the vendor takes covers.
const MOST_LOOKS: usize = 8;

/// The times around which frames have to be known.
pub(super) fn points(spec: &SnapshotSpec) -> PointSpec {
    match spec.points {
        PointSpec::Evenly { offset_ms, .. } => PointSpec::Evenly {
            count: MOST_LOOKS as u32,
            offset_ms,
        },
        ref other => other.clone(),
    }
}

/// Whether a picture is black, but for some specks.
pub(super) fn is_black(picture: &Picture) -> Result<bool, Interrupted> {
    let (luma, size) = thumbnail::luma(picture)?;
    Ok(Look::at(&luma, size).flaw == Some(CoverFlaw::Black))
}

/// The covers of a video, while its frames come.
pub(super) struct CoverBuilder<'a> {
    engine: &'a Engine,
    task: &'a SnapshotTask,
    video: &'a Video,
    without: &'a BTreeSet<usize>,
    /// How many covers there are to be at most.
    most: usize,
    round: Round,
    looks: BTreeMap<usize, Look>,
    /// The best so far, the best first.
    best: Vec<Cover>,
}

/// Which frames are looked at next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Round {
    Keyframes,
    /// Where no keyframe will do.
    Between,
    Over,
}

/// A frame that may become a cover.
struct Cover {
    frame: usize,
    look: Look,
    size: Size,
    is_damaged: bool,
    bytes: Vec<u8>,
}

impl<'a> CoverBuilder<'a> {
    /// Covers of other frames than those of `without`, which give no picture.
    pub(super) fn new(
        engine: &'a Engine,
        task: &'a SnapshotTask,
        video: &'a Video,
        without: &'a BTreeSet<usize>,
    ) -> Self {
        let most = task.spec.points.most().unwrap_or(MOST_LOOKS);
        Self {
            engine,
            task,
            video,
            without,
            most: most.clamp(1, MOST_LOOKS),
            round: Round::Keyframes,
            looks: BTreeMap::new(),
            best: Vec::new(),
        }
    }

    /// The frames to look at next, rising; none when that is over.
    pub(super) fn wanted(&mut self) -> Vec<usize> {
        let (timeline, without) = (self.video.timeline(), self.without);
        while self.round != Round::Over {
            let frames = match self.round {
                Round::Keyframes => {
                    let bytes = |frame| self.video.coded_bytes(frame);
                    cover::keyframes(timeline, bytes, MOST_LOOKS, without)
                }
                Round::Between if self.has_a_good_one() => Vec::new(),
                Round::Between | Round::Over => {
                    cover::between_keyframes(timeline, MOST_LOOKS, without)
                }
            };
            self.round = match self.round {
                Round::Keyframes => Round::Between,
                Round::Between | Round::Over => Round::Over,
            };
            if !frames.is_empty() {
                return frames;
            }
        }
        Vec::new()
    }

    /// Whether keyframes have been looked at, so that there is something without more.
    pub(super) fn can_do_without(&self) -> bool {
        self.round == Round::Over && !self.best.is_empty()
    }

    fn has_a_good_one(&self) -> bool {
        self.best
            .first()
            .is_some_and(|best| best.look.flaw.is_none())
    }

    /// Looks at a frame.
    pub(super) fn accept(&mut self, picture: &Picture) -> Result<(), Interrupted> {
        let (luma, size) = thumbnail::luma(picture)?;
        let mut look = Look::at(&luma, size);
        if picture.damaged {
            look.flaw = look.flaw.or(Some(CoverFlaw::Damaged));
        }
        self.looks.insert(picture.frame, look);
        let rank = rank(look, picture.frame);
        let place = self
            .best
            .partition_point(|cover| self::rank(cover.look, cover.frame) < rank);
        if place < self.most {
            let cover = Cover {
                frame: picture.frame,
                look,
                size: picture.size,
                is_damaged: picture.damaged,
                bytes: encoding::picture(picture, self.task.spec.image_format, self.engine)?,
            };
            self.best.insert(place, cover);
            self.best.truncate(self.most);
        }
        Ok(())
    }

    /// Gives the covers to `emit`; what a manifest says of them, and of all that were looked at.
    pub(super) fn finish(
        mut self,
        emit: &mut Emit<'_>,
    ) -> Result<(Vec<PictureEntry>, Vec<CoverCandidate>), Interrupted> {
        match self.has_a_good_one() {
            true => self.best.retain(|cover| cover.look.flaw.is_none()),
            false => self.best.truncate(1),
        }
        if self.best.is_empty() {
            return Err(JobFailure::bad_content("no frame decodes").into());
        }
        let candidates = self.candidates();
        let covers = std::mem::take(&mut self.best);
        let of = covers.len();
        let mut pictures = Vec::new();
        for (nth, cover) in covers.into_iter().enumerate() {
            let entry = self.entry(nth, &cover);
            let file = OutputFile {
                key: self.key(nth),
                content_type: self.task.spec.image_format.content_type(),
                bytes: cover.bytes,
                of,
            };
            give(emit, file)?;
            pictures.push(entry);
        }
        Ok((pictures, candidates))
    }

    fn candidates(&self) -> Vec<CoverCandidate> {
        let place = |frame| self.best.iter().position(|cover| cover.frame == frame);
        let candidate = |(&frame, look): (&usize, &Look)| CoverCandidate {
            index: place(frame).map(number),
            presentation_us: self.video.timeline().presentation_us(frame),
            score: look.score,
            flaw: look.flaw,
        };
        self.looks.iter().map(candidate).collect()
    }

    fn entry(&self, nth: usize, cover: &Cover) -> PictureEntry {
        let presentation_us = self.video.timeline().presentation_us(cover.frame);
        PictureEntry {
            index: number(nth),
            requested_ms: presentation_us / 1000,
            presentation_us,
            key: Some(self.key(nth)),
            width: cover.size.width,
            height: cover.size.height,
            bytes: cover.bytes.len() as u64,
            damaged: cover.is_damaged,
            repeats: None,
            sheet: None,
            cell: None,
        }
    }

    fn key(&self, nth: usize) -> String {
        PictureKeys::from(self.task).key(SnapshotType::CoverSnapshot, number(nth))
    }
}

/// The best first; of equal ones the earlier, so that a repeated run gives the same.
fn rank(look: Look, frame: usize) -> impl Ord {
    (look.flaw.is_some(), Reverse(look.score), frame)
}
