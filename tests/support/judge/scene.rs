//! A file as a player shows it: which frame when, each frame's size, and some of them whole.

use super::crop::ContainerCrop;
use super::frames::PlainDecode;
use super::points;
use super::raster::Raster;
use super::raw::{self, PlanarFormat};
use super::reference::{self, Clipping, Trust};
use super::timeline::ShownTimeline;
use super::turning::Turning;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A frame is made small by so many cells a side, to be told from others.
pub(super) const THUMB_CELLS: usize = 16;
/// Samples of a frame looked at for a cell of that: so many a side.
const SAMPLES: usize = 24;

/// A frame as a player shows it, but for its aspect.
#[derive(Debug, Clone)]
pub(super) struct Rendered {
    pub(super) raster: Raster,
    /// The same where it was a JPEG before: it differs in colours that no screen shows.
    pub(super) as_jpeg: Raster,
    pub(super) trust: Trust,
}

/// A file, decoded plainly.
#[derive(Debug)]
pub(super) struct Scene {
    ffmpeg: PathBuf,
    file: PathBuf,
    pub(super) decode: PlainDecode,
    pub(super) timeline: ShownTimeline,
    turning: Turning,
    crop: Option<ContainerCrop>,
    rendered: BTreeMap<usize, Rendered>,
    /// The brightness of each frame, as stored; none where its format is unknown.
    thumbs: BTreeMap<usize, Vec<f64>>,
}

impl Scene {
    pub(super) fn of(ffmpeg: &Path, file: &Path, decode: PlainDecode) -> Self {
        Self {
            ffmpeg: ffmpeg.to_owned(),
            file: file.to_owned(),
            timeline: ShownTimeline::of(&decode),
            turning: Turning::of(ffmpeg, file, &decode),
            crop: ContainerCrop::of(file),
            rendered: BTreeMap::new(),
            thumbs: BTreeMap::new(),
            decode,
        }
    }

    /// The same with the frames shown at these points.
    pub(super) fn rendered(ffmpeg: &Path, file: &Path, points: &[u64]) -> Self {
        let mut scene = Self::of(ffmpeg, file, PlainDecode::of(ffmpeg, file));
        scene.render(points);
        scene
    }

    pub(super) fn points(&self, count: usize, seed: u64) -> BTreeSet<u64> {
        points::choose(&self.decode, &self.timeline, count, seed)
    }

    /// Decodes again and keeps the frames shown at these points.
    pub(super) fn render(&mut self, points: &[u64]) {
        let mut wanted = BTreeSet::new();
        for &at in points {
            let shown = self.timeline.shown_at(at);
            wanted.extend(shown.earliest..=shown.latest);
        }
        let mut formats: Vec<PlanarFormat> = Vec::new();
        for frame in &self.decode.frames {
            let format = PlanarFormat::holding(&frame.format);
            formats.extend(format.filter(|format| !formats.contains(format)));
        }
        let (mut rendered, mut thumbs) = (BTreeMap::new(), BTreeMap::new());
        for format in &formats {
            let source = (self.ffmpeg.as_path(), self.file.as_path());
            raw::read(source, &self.decode, format, &mut |number, raw| {
                let frame = &self.decode.frames[number];
                thumbs.insert(number, thumb(format, (frame.width, frame.height), raw));
                if wanted.contains(&number) {
                    rendered.insert(number, self.as_shown(number, format, raw));
                }
            });
        }
        (self.rendered, self.thumbs) = (rendered, thumbs);
    }

    fn as_shown(&self, number: usize, format: &PlanarFormat, raw: &[u8]) -> Rendered {
        let frame = &self.decode.frames[number];
        let shown = |clipping| {
            let mut raster = reference::rgb(frame, format, raw, clipping);
            if let Some(crop) = &self.crop {
                raster = crop.apply(&raster, self.coded());
            }
            raster.turned(self.turning.of_frame(number))
        };
        Rendered {
            raster: shown(Clipping::OfScreen),
            as_jpeg: shown(Clipping::OfJpeg),
            trust: reference::trust(frame, format),
        }
    }

    /// The size that a container's crop is meant for.
    fn coded(&self) -> (usize, usize) {
        let first = &self.decode.frames[0];
        let said = self.crop.and_then(|crop| crop.coded);
        said.unwrap_or((first.width, first.height))
    }

    pub(super) fn frame(&self, number: usize) -> Option<&Rendered> {
        self.rendered.get(&number)
    }

    /// Width and height at which a frame is shown.
    pub(super) fn display(&self, number: usize) -> (u64, u64) {
        let frame = &self.decode.frames[number];
        let (mut width, mut height) = (frame.width, frame.height);
        let mut aspect = frame.pixel_aspect;
        if let Some(crop) = &self.crop {
            if (width, height) == self.coded() {
                (_, _, width, height) = crop.part(width, height);
            }
            aspect = crop.pixel_aspect(frame, (width, height));
        }
        let turn = self.turning.of_frame(number);
        if turn.transposed {
            (width, height) = (height, width);
            aspect = (aspect.1, aspect.0);
        }
        let (num, den) = aspect;
        // An aspect beyond 8 is no aspect.
        let is_sane = num > 0 && den > 0 && num <= 8 * den && den <= 8 * num;
        let stretched = if is_sane {
            (width as u64 * num + den / 2) / den
        } else {
            width as u64
        };
        (stretched.max(1), height as u64)
    }

    /// The frame near `number` whose brightness is most like this, and how much, and how much
    /// that of `number` is. Turned files are compared as they are stored.
    pub(super) fn most_alike(&self, number: usize, picture: &Raster) -> Option<Resemblance> {
        let stored = self.as_stored(number, picture);
        let cells = stored.cells(THUMB_CELLS, THUMB_CELLS);
        let bright = super::compare::brightness(&cells);
        let likeness = |n: usize| {
            let thumb = self.thumbs.get(&n);
            thumb.map(|thumb| super::compare::likeness(&bright, thumb))
        };
        let own = likeness(number)?;
        let near = number.saturating_sub(300)..(number + 300).min(self.decode.frames.len());
        let (best, most) = near
            .filter_map(|n| Some((n, likeness(n)?)))
            .max_by(|a, b| a.1.total_cmp(&b.1))?;
        Some(Resemblance { best, most, own })
    }

    /// The picture turned back; cropped files are left out, for thumbs show all.
    fn as_stored(&self, number: usize, picture: &Raster) -> Raster {
        let turn = self.turning.of_frame(number);
        // Mirrors first, then the exchange: the inverse of `turned`.
        let mirrors = super::raster::Turn {
            transposed: false,
            ..turn
        };
        let exchange = super::raster::Turn {
            transposed: turn.transposed,
            mirrored: false,
            upside_down: false,
        };
        picture.turned(mirrors).turned(exchange)
    }
}

/// How much a picture is like two frames.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resemblance {
    pub(super) best: usize,
    pub(super) most: f64,
    pub(super) own: f64,
}

/// The brightness of the cells of a frame, from some samples of each.
fn thumb(format: &PlanarFormat, (width, height): (usize, usize), raw: &[u8]) -> Vec<f64> {
    let bytes = if format.bits > 8 { 2 } else { 1 };
    let sample = |x: usize, y: usize| {
        let at = (y * width + x) * bytes;
        match bytes {
            1 => f64::from(raw[at]),
            _ => f64::from(u16::from_le_bytes([raw[at], raw[at + 1]])) / 256.0,
        }
    };
    let range = |cell: usize, px: usize| {
        let (from, to) = (cell * px / THUMB_CELLS, (cell + 1) * px / THUMB_CELLS);
        let to = to.max(from + 1).min(px);
        (from.min(to - 1)..to).step_by((to - from).div_ceil(SAMPLES).max(1))
    };
    let mut cells = Vec::new();
    let scale = match format.bits {
        8 | 16 => 1.0,
        bits => f64::from(1_u32 << (16 - bits)),
    };
    for row in 0..THUMB_CELLS {
        for column in 0..THUMB_CELLS {
            let (mut sum, mut count) = (0.0, 0.0);
            for y in range(row, height) {
                for x in range(column, width) {
                    sum += sample(x, y);
                    count += 1.0;
                }
            }
            cells.push(scale * sum / count);
        }
    }
    cells
}
