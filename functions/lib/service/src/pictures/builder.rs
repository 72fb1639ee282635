//! The files of one pass over a video.

use super::cell_spool::CellSpool;
use super::cell_strip::CellStrip;
use super::checkpoint::Checkpoint;
use super::destination::Destination;
use super::empty_manifest::empty_manifest;
use super::encoding;
use super::engine::Engine;
use super::failure::Interrupted;
use super::file::{Emit, OutputFile, PassOutput, give, number};
use super::keys::PictureKeys;
use super::request::{JobRequest, SnapshotTask};
use super::scope::Scope;
use super::selection::Selection;
use super::sprite::{CellRule, SpriteBuilder, SpriteFiles};
use super::storyboard::DoneSprite;
use super::webvtt;
use crate::model::SnapshotType;
use artifacts::Manifest;
use artifacts::manifest::{GridEntry, PictureEntry, SheetEntry, StoryboardEntry};
use contract::storyboard::StoryboardFormat;
use media::{Picture, Video};
use plan::Deadline;
use plan::{Grid, Size};
use std::collections::BTreeSet;

/// A pass in progress.
pub(super) struct PassBuilder<'a> {
    engine: &'a Engine,
    task: &'a SnapshotTask,
    destination: &'a Destination,
    scope: &'a Scope,
    video: &'a Video,
    selection: &'a Selection,
    pictures: Vec<Option<PictureEntry>>,
    sprite: Option<SpriteBuilder>,
    /// How many files come of this pass.
    files: usize,
}

impl<'a> PassBuilder<'a> {
    pub(super) fn new(
        engine: &'a Engine,
        request: &'a JobRequest,
        video: &'a Video,
        selection: &'a Selection,
        size: Size,
    ) -> Result<Self, Interrupted> {
        let (task, destination) = (&request.task, &request.destination);
        let count = selection.taken.len();
        let sprite = task.spec.sprite.as_ref();
        let sprite =
            sprite.map(|spec| SpriteBuilder::new(spec, task, (size, count), engine, destination));
        let mut sprite = sprite.transpose()?;
        if let (Some(sprite), Scope::Part(shots)) = (&mut sprite, &request.scope) {
            sprite.takes_only(shots.clone());
        }
        let pictures = sprite.as_ref().map_or(count, SpriteBuilder::files);
        let files = pictures + usize::from(task.kind == SnapshotType::WebVttSnapshot);
        Ok(Self {
            engine,
            task,
            destination,
            scope: &request.scope,
            video,
            selection,
            pictures: vec![None; count],
            sprite,
            files,
        })
    }

    /// Takes over what an earlier run has done.
    pub(super) fn resume(&mut self, done: &Checkpoint) -> Result<(), Interrupted> {
        if let Some(sprite) = &mut self.sprite
            && !sprite.resume(&done.sheets, &done.strips)?
        {
            return Ok(());
        }
        for (&shot, entry) in &done.pictures {
            if let Some(place) = self.pictures.get_mut(shot) {
                *place = Some(entry.clone());
            }
        }
        Ok(())
    }

    /// What becomes of pictures in the cells of a sprite; none without one.
    pub(super) fn cell(&self) -> Option<CellRule> {
        self.sprite.as_ref().map(SpriteBuilder::rule)
    }

    /// Cells on a sheet; none without sheets.
    pub(super) fn sheet_capacity(&self) -> Option<usize> {
        self.sprite.as_ref().map(SpriteBuilder::capacity)
    }

    /// Whether a shot is to be taken, and not done.
    pub(super) fn is_wanted(&self, shot: usize) -> bool {
        self.scope.holds(shot) && self.pictures[shot].is_none()
    }

    /// The frames of shots that are to be taken, and not done.
    pub(super) fn wanted(&self) -> Vec<usize> {
        let open = |shot: &usize| self.is_wanted(*shot);
        let frames = self.selection.by_frame.iter();
        frames
            .filter(|(_, shots)| shots.iter().any(open))
            .map(|(frame, _)| *frame)
            .collect()
    }

    /// Stops when the time is over, unless nothing is left to do.
    pub(super) fn go_on(&self, until: &Deadline) -> Result<(), Interrupted> {
        if until.is_over() && self.is_open() {
            return Err(Interrupted::Retry("the time of the run is over".to_owned()));
        }
        Ok(())
    }

    /// Whether anything is left to do.
    pub(super) fn is_open(&self) -> bool {
        (0..self.pictures.len()).any(|shot| self.is_wanted(shot))
    }

    /// Gives cells to `emit` that are of sheets of which other parts have cells, too.
    pub(super) fn keep_shared_cells(&mut self, emit: &mut Emit<'_>) -> Result<(), Interrupted> {
        match &mut self.sprite {
            Some(sprite) => sprite.keep_shared(emit),
            None => Ok(()),
        }
    }

    /// What another run need not do again. Cells of a sheet that is not full are lost with it, unless they
    /// were kept.
    pub(super) fn record(&self, done: &mut Checkpoint) {
        let sheets = self.sprite.as_ref().map(|sprite| sprite.done().cloned());
        done.sheets = sheets.into_iter().flatten().collect();
        let strips = self.sprite.as_ref().map(SpriteBuilder::strips);
        done.strips = strips.unwrap_or_default().to_vec();
        let whole: BTreeSet<_> = done.sheets.iter().map(|sheet| sheet.index).collect();
        let kept: BTreeSet<_> = done.strips.iter().flat_map(CellStrip::kept).collect();
        let kept = |shot: usize, entry: &PictureEntry| {
            entry.sheet.is_none_or(|sheet| whole.contains(&sheet)) || kept.contains(&shot)
        };
        let pictures = self.pictures.iter().enumerate();
        done.pictures = pictures
            .filter_map(|(shot, entry)| Some((shot, entry.clone()?)))
            .filter(|(shot, entry)| kept(*shot, entry))
            .collect();
    }

    /// Gives what is done by now, beside what `before` says of the video, to `emit`; how many
    /// pictures that are. Nobody has to want it: whoever wants no more says so at the next file.
    pub(super) fn emit_checkpoint(
        &mut self,
        before: &Checkpoint,
        emit: &mut Emit<'_>,
    ) -> Result<usize, Interrupted> {
        self.keep_shared_cells(emit)?;
        let mut now = before.clone();
        self.record(&mut now);
        let pictures = now.pictures.len();
        emit(PassOutput::Checkpoint(Box::new(now)));
        Ok(pictures)
    }

    /// Every shot of one frame that is not done; two points on the same frame are two pictures.
    pub(super) fn accept(
        &mut self,
        picture: &Picture,
        emit: &mut Emit<'_>,
    ) -> Result<(), Interrupted> {
        let keeps = self.task.spec.keeps_pictures();
        let encoded = if keeps {
            encoding::picture(picture, self.task.spec.image_format, self.engine)?
        } else {
            Vec::new()
        };
        let shots = self
            .selection
            .by_frame
            .get(&picture.frame)
            .map_or(&[][..], Vec::as_slice);
        for &shot in shots {
            if !self.is_wanted(shot) {
                continue;
            }
            let mut entry = self.entry(shot, picture);
            if keeps {
                entry.key = Some(self.key(shot));
                entry.bytes = encoded.len() as u64;
                give(
                    emit,
                    OutputFile {
                        key: self.key(shot),
                        content_type: self.task.spec.image_format.content_type(),
                        bytes: encoded.clone(),
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
            requested_ms: self.selection.taken[shot].requested_ms,
            repeats: self.selection.taken[shot].repeats,
            presentation_us: self.video.timeline().presentation_us(picture.frame),
            key: None,
            width: picture.size.width,
            height: picture.size.height,
            bytes: 0,
            damaged: picture.damaged,
            sheet: None,
            cell: None,
        }
    }

    fn key(&self, shot: usize) -> String {
        let kind = match self.sprite {
            Some(_) => SnapshotType::SpriteOriginSnapshot,
            None => self.task.kind,
        };
        PictureKeys::from(self.task).key(kind, number(shot))
    }

    pub(super) fn finish(mut self, emit: &mut Emit<'_>) -> Result<Manifest, Interrupted> {
        let grid = self.sprite.as_ref().map(SpriteBuilder::grid);
        let SpriteFiles { sheets, spool } = match self.sprite.take() {
            Some(sprite) => sprite.finish(emit)?,
            None => SpriteFiles {
                sheets: Vec::new(),
                spool: None,
            },
        };
        let pictures: Option<Vec<_>> = std::mem::take(&mut self.pictures).into_iter().collect();
        let Some(pictures) = pictures else {
            return Err(Interrupted::Retry(
                "the decoder gave fewer pictures than it said".to_owned(),
            ));
        };
        let duration_ms = self.video.timeline().duration_ms();
        let mut web_vtt = None;
        if self.task.kind == SnapshotType::WebVttSnapshot {
            let file = webvtt::file(self.task, &pictures, grid, duration_ms, self.files);
            web_vtt = Some(file.key.clone());
            give(emit, file)?;
        }
        let storyboards = match grid {
            Some(grid) => self.storyboards(grid, (&pictures, &sheets), spool, emit)?,
            None => Vec::new(),
        };
        Ok(Manifest {
            pictures,
            sheets,
            grid: grid.map(grid_entry),
            web_vtt,
            storyboards,
            missing: self.selection.missing.clone(),
            ..empty_manifest(self.engine, self.task, self.video)
        })
    }

    /// Gives what players read of the cells to `emit`.
    fn storyboards(
        &self,
        grid: Grid,
        (pictures, sheets): (&[PictureEntry], &[SheetEntry]),
        mut spool: Option<CellSpool>,
        emit: &mut Emit<'_>,
    ) -> Result<Vec<StoryboardEntry>, Interrupted> {
        let done = DoneSprite {
            task: self.task,
            destination: self.destination,
            grid,
            sheets,
            pictures,
            duration_ms: self.video.timeline().duration_ms(),
            files: self.files,
        };
        let sprite = self.task.spec.sprite.iter();
        let mut told = Vec::new();
        for &format in sprite.flat_map(|sprite| &sprite.outputs) {
            let (files, entry) =
                done.files(format, spool.take_if(|_| format == StoryboardFormat::Bif))?;
            for file in files {
                give(emit, file)?;
            }
            told.push(entry);
        }
        Ok(told)
    }
}

fn grid_entry(grid: Grid) -> GridEntry {
    let (columns, lines) = grid.layout();
    GridEntry {
        cell_width: grid.cell().width,
        cell_height: grid.cell().height,
        columns,
        lines,
    }
}
