//! A sheet of which several runs have made the cells.

use super::cell_strip::CellStrip;
use super::destination::Destination;
use super::engine::Engine;
use super::failure::Interrupted;
use super::file::{Emit, OutputFile, PassOutput};
use super::picture_size::picture_size;
use super::request::SnapshotTask;
use super::sprite::SpriteBuilder;
use crate::model::VideoInfo;
use artifacts::StripError;
use artifacts::manifest::SheetEntry;
use artifacts::sheet::read_strip;
use plan::Size;
use tracing::warn;

/// A sheet that is made of strips, one after the other.
pub(crate) struct SheetAssembly {
    sprite: SpriteBuilder,
    files: Vec<OutputFile>,
}

/// A sheet that was made of strips.
pub(crate) struct AssembledSheet {
    /// It, and its cells where a form holds them.
    pub(crate) files: Vec<OutputFile>,
    /// What a manifest says of it.
    pub(crate) entry: SheetEntry,
}

impl SheetAssembly {
    /// A sheet of a job with so many `cells` in all; none where its job has no sheets.
    pub(crate) fn new(
        engine: &Engine,
        task: &SnapshotTask,
        facts: &VideoInfo,
        cells: usize,
    ) -> Result<Option<Self>, Interrupted> {
        let Some(spec) = &task.spec.sprite else {
            return Ok(None);
        };
        let display = Size {
            width: facts.width,
            height: facts.height,
        };
        let size = picture_size(&task.spec).of(display)?;
        let store = Destination::Store { kept: None };
        let sprite = SpriteBuilder::new(spec, task, (size, cells), engine, &store)?;
        Ok(Some(Self {
            sprite,
            files: Vec::new(),
        }))
    }

    /// The same with these cells in their places; none where they are not what was kept.
    pub(crate) fn with(
        mut self,
        strip: &CellStrip,
        png: &[u8],
    ) -> Result<Option<Self>, Interrupted> {
        let files = &mut self.files;
        let mut emit = |made: PassOutput| {
            if let PassOutput::File(file) = made {
                files.push(file);
            }
            true
        };
        match add(&mut self.sprite, strip, png, &mut emit) {
            Ok(()) => Ok(Some(self)),
            Err(Fault::Stop(stop)) => Err(stop),
            Err(Fault::Strip(cause)) => {
                warn!(%cause, key = strip.key, "cells are made again");
                Ok(None)
            }
        }
    }

    /// What was made; none where cells are not there.
    pub(crate) fn finish(self) -> Option<AssembledSheet> {
        let entry = self.sprite.done().next().cloned();
        let files = self.files;
        entry.map(|entry| AssembledSheet { files, entry })
    }
}

/// Puts cells in their places that were made elsewhere.
fn add(
    sprite: &mut SpriteBuilder,
    strip: &CellStrip,
    png: &[u8],
    emit: &mut Emit<'_>,
) -> Result<(), Fault> {
    let cell = sprite.grid().cell();
    let shots: Vec<usize> = strip.kept().collect();
    read_strip(png, cell, shots.len(), |nth, rgb| {
        sprite.put(shots[nth], (rgb, cell), emit)?;
        Ok(())
    })
}

/// Why cells can't be put in their places.
enum Fault {
    /// They are not what was kept.
    Strip(StripError),
    Stop(Interrupted),
}

impl From<StripError> for Fault {
    fn from(error: StripError) -> Self {
        Self::Strip(error)
    }
}

impl From<Interrupted> for Fault {
    fn from(stop: Interrupted) -> Self {
        Self::Stop(stop)
    }
}
