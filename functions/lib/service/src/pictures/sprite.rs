//! Cells into sheets, each sheet given away as soon as its last cell is placed.

mod shared;

use super::cell_spool::CellSpool;
use super::cell_strip::CellStrip;
use super::destination::Destination;
use super::encoding;
use super::engine::Engine;
use super::failure::Interrupted;
use super::file::{Emit, OutputFile, give, number};
use super::keys::PictureKeys;
use super::request::SnapshotTask;
use super::storyboard;
use artifacts::Sheet;
use artifacts::key;
use artifacts::manifest::SheetEntry;
use contract::error::ErrorCode;
use contract::snapshot::{Color, SpriteSpec};
use contract::storyboard::{MOST_BIF_PICTURES, StoryboardFormat};
use media::Picture;
use plan::{Grid, Size, SizeRule, automatic};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What becomes of a picture in its cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CellRule {
    cell: Size,
    /// Both sides of the cell were given: a picture of another aspect is stretched, as one is whose
    /// width and height are both given. Else it is held whole.
    stretches: bool,
}

impl CellRule {
    /// The size in its cell of a picture of size `picture`.
    fn of_picture(self, picture: Size) -> Size {
        match self.stretches {
            true => self.cell,
            false => picture.within(self.cell),
        }
    }

    /// The size to decode frames to that are only shown in cells, where pictures have the size
    /// `pictures`.
    pub(super) fn of_frames(self, pictures: SizeRule) -> SizeRule {
        let both_sides = |rule| {
            matches!(
                rule,
                SizeRule::Sides {
                    width: Some(_),
                    height: Some(_)
                }
            )
        };
        match self.stretches || both_sides(pictures) {
            true => self.cell.into(),
            false => SizeRule::Within(self.cell),
        }
    }
}

/// The sheets of one pass.
pub(super) struct SpriteBuilder {
    grid: Grid,
    rule: CellRule,
    background: [u8; 3],
    engine: Engine,
    task: SnapshotTask,
    destination: Destination,
    /// Selection in all.
    cells: usize,
    /// How many files come of this pass.
    files: usize,
    open: BTreeMap<usize, (Sheet, BTreeSet<u32>)>,
    done: BTreeMap<usize, SheetEntry>,
    /// The shots that are taken here; none where all are.
    part: Option<Range<usize>>,
    /// Cells of sheets that others have cells of, too.
    strips: Vec<CellStrip>,
    /// Each cell as a file of its own, where a form holds them.
    spool: Option<CellSpool>,
}

/// What is there once the last cell is placed.
pub(super) struct SpriteFiles {
    pub(super) sheets: Vec<SheetEntry>,
    pub(super) spool: Option<CellSpool>,
}

impl SpriteBuilder {
    pub(super) fn new(
        spec: &SpriteSpec,
        task: &SnapshotTask,
        (picture, cells): (Size, usize),
        engine: &Engine,
        destination: &Destination,
    ) -> Result<Self, Interrupted> {
        let cell = automatic::cell(spec, picture)?;
        let layout = automatic::layout(spec, cell, cells as u64);
        let grid = Grid::new(cell, layout, spec.padding, spec.margin)?;
        let grid = grid.within_sides(spec.fit.most_side)?;
        let grid = encoding::check_grid(grid, task.spec.image_format, engine.limits.sheet_pixels)?;
        let rule = CellRule {
            cell,
            stretches: spec.cell_width.is_some() && spec.cell_height.is_some(),
        };
        let sheets = usize::try_from(grid.sheets(cells as u64)).unwrap_or(usize::MAX);
        let outputs = spec.outputs.iter();
        let told = outputs.map(|&format| storyboard::file_count(format, sheets, destination));
        let kept = if spec.keep_cell_pic { cells } else { 0 };
        let has_cells = spec.outputs.contains(&StoryboardFormat::Bif);
        if has_cells && cells > MOST_BIF_PICTURES as usize {
            let text = format!("The video gives {cells} pictures; bif holds {MOST_BIF_PICTURES}.");
            return Err(Interrupted::failed(ErrorCode::SpriteSnapshotConfig, text));
        }
        Ok(Self {
            grid,
            rule,
            background: background(spec.color, &task.job_id),
            engine: engine.clone(),
            task: task.clone(),
            destination: destination.clone(),
            cells,
            files: sheets + told.sum::<usize>() + kept,
            open: BTreeMap::new(),
            done: BTreeMap::new(),
            part: None,
            strips: Vec::new(),
            spool: has_cells.then(CellSpool::new).transpose()?,
        })
    }

    /// Goes on where these sheets and cells are given away; false where a form holds cells and those on the sheets
    /// are not there: then all is made again.
    pub(super) fn resume(
        &mut self,
        sheets: &[SheetEntry],
        strips: &[CellStrip],
    ) -> Result<bool, Interrupted> {
        let capacity = self.capacity();
        if let Some(spool) = &mut self.spool {
            for sheet in sheets {
                let shots = (index(sheet) * capacity, sheet.cells);
                let cells = self.destination.cells(sheet.index);
                if !spool.keep_again(shots, &cells.unwrap_or_default())? {
                    return Ok(false);
                }
            }
        }
        let done = sheets.iter().map(|sheet| (index(sheet), sheet.clone()));
        self.done.extend(done);
        self.strips = strips.to_vec();
        Ok(true)
    }

    /// Cells on a sheet.
    pub(super) fn capacity(&self) -> usize {
        usize::try_from(self.grid.capacity()).unwrap_or(usize::MAX)
    }

    /// The sheets given away so far.
    pub(super) fn done(&self) -> impl Iterator<Item = &SheetEntry> {
        self.done.values()
    }

    /// Where cells lie on every sheet.
    pub(super) fn grid(&self) -> Grid {
        self.grid
    }

    /// What becomes of pictures in their cells.
    pub(super) fn rule(&self) -> CellRule {
        self.rule
    }

    /// How many files come of this pass: the sheets, and the pictures where they stay.
    pub(super) fn files(&self) -> usize {
        self.files
    }

    /// Puts the picture of `shot` in its cell: sheet from 1, cell from 0.
    pub(super) fn place(
        &mut self,
        shot: usize,
        picture: &Picture,
        emit: &mut Emit<'_>,
    ) -> Result<(u32, u32), Interrupted> {
        let size = self.rule.of_picture(picture.size);
        let rgb = artifacts::resize(&picture.pixels, picture.size, size)?;
        self.put(shot, (&rgb, size), emit)
    }

    /// Puts pixels in the cell of `shot`.
    pub(super) fn put(
        &mut self,
        shot: usize,
        (rgb, size): (&[u8], Size),
        emit: &mut Emit<'_>,
    ) -> Result<(u32, u32), Interrupted> {
        let capacity = self.capacity();
        let (sheet, cell) = (shot / capacity, shot % capacity);
        let cell = u32::try_from(cell).unwrap_or(u32::MAX);
        if !self.is_shared(sheet) {
            self.keep_cell(shot, rgb, size)?;
        }
        let (grid, background) = (self.grid, self.background);
        let (open, placed) = self
            .open
            .entry(sheet)
            .or_insert_with(|| (Sheet::new(grid, background), BTreeSet::new()));
        open.place(cell, rgb, size)?;
        placed.insert(cell);
        if placed.len() == self.shots(sheet).len() {
            self.close(sheet, emit)?;
        }
        Ok((number(sheet), cell))
    }

    /// The shots of a sheet.
    fn shots(&self, sheet: usize) -> Range<usize> {
        let first = sheet.saturating_mul(self.capacity());
        first..self.cells.min(first.saturating_add(self.capacity()))
    }

    /// Keeps a picture in its cell as a file of its own, where a form holds them.
    fn keep_cell(&mut self, shot: usize, rgb: &[u8], size: Size) -> Result<(), Interrupted> {
        let Some(spool) = &mut self.spool else {
            return Ok(());
        };
        let mut cell = Sheet::new(Grid::new(self.grid.cell(), (1, 1), 0, 0)?, self.background);
        cell.place(0, rgb, size)?;
        spool.keep(shot, &cell.encode(self.engine.quality)?)
    }

    pub(super) fn finish(mut self, emit: &mut Emit<'_>) -> Result<SpriteFiles, Interrupted> {
        for sheet in self.open.keys().copied().collect::<Vec<_>>() {
            self.close(sheet, emit)?;
        }
        Ok(SpriteFiles {
            sheets: self.done.into_values().collect(),
            spool: self.spool,
        })
    }

    fn close(&mut self, index: usize, emit: &mut Emit<'_>) -> Result<(), Interrupted> {
        let Some((sheet, cells)) = self.open.remove(&index) else {
            return Ok(());
        };
        let bytes = encoding::sheet(&sheet, self.task.spec.image_format, &self.engine)?;
        let key = PictureKeys::from(&self.task).key(self.task.kind, number(index));
        let size = self.grid.sheet();
        let cells = cells.len();
        let entry = SheetEntry {
            index: number(index),
            key: key.clone(),
            width: size.width,
            height: size.height,
            bytes: bytes.len() as u64,
            cells: u32::try_from(cells).unwrap_or(u32::MAX),
        };
        self.give_to_jellyfin(index, &bytes, emit)?;
        self.give_cells(index, emit)?;
        give(
            emit,
            OutputFile {
                key,
                content_type: self.task.spec.image_format.content_type(),
                bytes,
                of: self.files,
            },
        )?;
        // Another run believes what is done: a sheet that nobody took is not.
        self.done.insert(index, entry);
        Ok(())
    }

    /// Its cells as files of their own, for a run that goes on once it is done.
    fn give_cells(&mut self, index: usize, emit: &mut Emit<'_>) -> Result<(), Interrupted> {
        let capacity = self.capacity();
        let (Some(spool), false) = (&mut self.spool, self.destination.is_folder()) else {
            return Ok(());
        };
        let shots = index * capacity..(index + 1).saturating_mul(capacity);
        let pattern = PictureKeys::from(&self.task).pattern(self.task.kind);
        let file = OutputFile {
            key: key::cells(&pattern, number(index)),
            content_type: "application/octet-stream",
            // Nobody asks these when they are shown.
            bytes: spool.bif(shots, 1)?,
            of: self.files,
        };
        give(emit, file)
    }

    /// The same sheet under the name that Jellyfin looks for.
    fn give_to_jellyfin(
        &self,
        index: usize,
        bytes: &[u8],
        emit: &mut Emit<'_>,
    ) -> Result<(), Interrupted> {
        let sprite = self.task.spec.sprite.as_ref();
        let asks = |spec: &SpriteSpec| spec.outputs.contains(&StoryboardFormat::Jellyfin);
        if !sprite.is_some_and(asks) || !self.destination.is_folder() {
            return Ok(());
        }
        let key = storyboard::jellyfin_key(&self.task, &self.grid, index);
        give(
            emit,
            OutputFile {
                key,
                content_type: self.task.spec.image_format.content_type(),
                bytes: bytes.to_vec(),
                of: self.files,
            },
        )
    }
}

fn index(sheet: &SheetEntry) -> usize {
    usize::try_from(sheet.index.saturating_sub(1)).unwrap_or(usize::MAX)
}

fn background(color: Color, job_id: &str) -> [u8; 3] {
    match color {
        Color::Rgb(rgb) => rgb,
        Color::Random => {
            let digest = Sha256::digest(job_id.as_bytes());
            [digest[0], digest[1], digest[2]]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SnapshotType;
    use crate::tests::engine;
    use contract::snapshot::{FrameType, ImageFormat, PointSpec, SnapshotSpec};

    const PICTURE: Size = Size {
        width: 2304,
        height: 1296,
    };

    /// 27,648 x 20,736 px: 573,308,928 in all.
    fn build(sheet_pixels: Option<u64>) -> Result<SpriteBuilder, Interrupted> {
        build_as(ImageFormat::Jpeg, (12, 16), sheet_pixels)
    }

    fn build_as(
        image_format: ImageFormat,
        (columns, lines): (u32, u32),
        sheet_pixels: Option<u64>,
    ) -> Result<SpriteBuilder, Interrupted> {
        let sprite = SpriteSpec {
            cell_width: None,
            cell_height: None,
            padding: 0,
            margin: 0,
            columns,
            lines,
            color: Color::Rgb([0; 3]),
            keep_cell_pic: false,
            outputs: Vec::new(),
            fit: contract::snapshot::SheetFit::default(),
        };
        let task = SnapshotTask {
            job_id: "j".into(),
            video_id: "v".into(),
            spec: SnapshotSpec {
                points: PointSpec::At { times_ms: vec![0] },
                width: None,
                height: None,
                frame_type: FrameType::Normal,
                sprite: Some(sprite.clone()),
                animation: None,
                image_format,
            },
            kind: SnapshotType::SpriteSnapshot,
            created_ms: 0,
        };
        let mut engine = engine();
        if let Some(pixels) = sheet_pixels {
            engine.limits.sheet_pixels = pixels;
        }
        SpriteBuilder::new(&sprite, &task, (PICTURE, 1), &engine, &Destination::Folder)
    }

    #[test]
    fn a_raised_limit_on_sheets_does_not_hold_for_jobs() {
        let refused = build(None).err().map(|error| error.to_string());
        let refused = refused.unwrap_or_default();
        assert!(refused.contains("SpriteSnapshotConfig"), "{refused}");
        assert!(refused.contains("573308928 in all"), "{refused}");
        assert!(build(Some(573_308_928)).is_ok());
        assert!(build(Some(573_308_927)).is_err());
    }

    #[test]
    fn a_sheet_that_webp_cannot_hold_is_refused_before_anything_is_decoded() {
        let refused = |layout, pixels| {
            let built = build_as(ImageFormat::Webp, layout, pixels);
            built.err().map(|error| error.to_string())
        };
        let wide = refused((8, 1), None).unwrap_or_default();
        assert!(wide.contains("18432x1296"), "{wide}");
        assert!(wide.contains("the limit of WebP is 16383"), "{wide}");
        // Its encoder takes the memory of four such sheets.
        let pixels = 7 * 2304 * 1296;
        assert_eq!(refused((7, 1), Some(4 * pixels)), None);
        assert!(refused((7, 1), Some(4 * pixels - 1)).is_some());
    }
}
