//! Sprite sheets: many small pictures on one.

mod strip;

pub use strip::{StripError, read_strip};

use crate::jpeg::{self, JpegError, Quality};
use crate::pixels::{self, CHANNELS, WrongLength};
use crate::png::{self, PngError};
use crate::webp::{self, WebpError};
use image::{ImageBuffer, Rgb, RgbImage, imageops};
use jpeg_encoder::{JpegColorType, rgb_to_ycbcr};
use plan::{Grid, Size};
use std::collections::BTreeMap;
use thiserror::Error;

/// One sheet while it fills. It is always as large as its grid says; what no cell covers has the
/// background colour.
///
/// A sheet of full pictures may have hundreds of millions of pixels, so only the lines of cells
/// in use are held; margins, padding and empty lines are made while encoding.
#[derive(Debug, Clone)]
pub struct Sheet {
    grid: Grid,
    background: [u8; 3],
    /// Lines of cells in use, as wide as the sheet and as high as a cell, by their top row.
    lines: BTreeMap<u32, RgbImage>,
}

/// A picture that has no place on the sheet.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum PlaceError {
    /// The sheet is smaller.
    #[error("a sheet of {capacity} cells, counted from 0, has no cell {cell}")]
    NoSuchCell {
        /// As asked.
        cell: u32,
        /// Cells of the sheet.
        capacity: u64,
    },
    /// The picture does not fit.
    #[error("a picture of {size:?} in a sprite cell of {cell:?}")]
    TooLarge {
        /// Of the picture.
        size: Size,
        /// Of the cell.
        cell: Size,
    },
    /// The pixels and the size disagree.
    #[error("a sprite cell of {0}")]
    WrongLength(#[from] WrongLength),
}

impl Sheet {
    /// An empty sheet; `background` is red, green, blue.
    #[must_use]
    pub fn new(grid: Grid, background: [u8; 3]) -> Self {
        Self {
            grid,
            background,
            lines: BTreeMap::new(),
        }
    }

    /// Puts a picture of `size` into the middle of a cell, counted from 0 in row order; what was
    /// there is replaced. `size` fits into the cell.
    ///
    /// # Errors
    /// See [`PlaceError`].
    pub fn place(&mut self, cell_index: u32, rgb: &[u8], size: Size) -> Result<(), PlaceError> {
        let capacity = self.grid.capacity();
        if u64::from(cell_index) >= capacity {
            return Err(PlaceError::NoSuchCell {
                cell: cell_index,
                capacity,
            });
        }
        let cell = self.grid.cell();
        if size.width > cell.width || size.height > cell.height {
            return Err(PlaceError::TooLarge { size, cell });
        }
        pixels::check(rgb, size)?;
        let (left, top) = self.grid.origin(cell_index);
        let empty = || RgbImage::from_pixel(cell.width, cell.height, Rgb(self.background));
        let around = (size != cell).then(empty);
        let line = self.line(top);
        if let Some(around) = around {
            imageops::replace(line, &around, left.into(), 0);
        }
        if let Some(picture) = ImageBuffer::<Rgb<u8>, _>::from_raw(size.width, size.height, rgb) {
            let left = left + (cell.width - size.width) / 2;
            imageops::replace(
                line,
                &picture,
                left.into(),
                ((cell.height - size.height) / 2).into(),
            );
        }
        Ok(())
    }

    /// The sheet as JPEG.
    ///
    /// # Errors
    /// Only the encoder's own; a [`Grid`] is never too large for a JPEG.
    pub fn encode(&self, quality: Quality) -> Result<Vec<u8>, JpegError> {
        let (width, height) = jpeg::sides(self.grid.sheet())?;
        jpeg::encode_rows(
            Rows {
                sheet: self,
                width,
                height,
            },
            quality,
        )
    }

    /// The line of cells whose top row is `top`, made if it is not in use yet.
    fn line(&mut self, top: u32) -> &mut RgbImage {
        let (width, height) = (self.grid.sheet().width, self.grid.cell().height);
        let empty = || RgbImage::from_pixel(width, height, Rgb(self.background));
        self.lines.entry(top).or_insert_with(empty)
    }

    /// One row of pixels, or none where all of it is background.
    fn row(&self, y: u32) -> Option<&[u8]> {
        let (top, line) = self.lines.range(..=y).next_back()?;
        let length = usize::try_from(line.width()).ok()? * CHANNELS;
        line.as_raw()
            .chunks_exact(length)
            .nth(usize::try_from(y - top).ok()?)
    }
}

impl Sheet {
    /// The sheet as a PNG, without loss.
    ///
    /// # Errors
    /// Only the encoder's own.
    pub fn encode_png(&self) -> Result<Vec<u8>, PngError> {
        let empty = self.empty_row();
        png::encode_rows(self.grid.sheet(), |y| self.row(y).unwrap_or(&empty))
    }

    /// The sheet as a WebP, which looks as the JPEG of that quality. The encoder wants all of the sheet
    /// at once: it takes four times the memory that the lines do.
    ///
    /// # Errors
    /// A side over 16,383 px; the encoder's own.
    pub fn encode_webp(&self, quality: Quality) -> Result<Vec<u8>, WebpError> {
        let size = self.grid.sheet();
        webp::check_sides(size)?;
        let empty = self.empty_row();
        let rows = (0..size.height).map(|y| self.row(y).unwrap_or(&empty));
        webp::encode(&rows.collect::<Vec<_>>().concat(), size, quality)
    }

    fn empty_row(&self) -> Vec<u8> {
        let width = self.grid.sheet().width;
        (0..width).flat_map(|_| self.background).collect()
    }
}

/// A sheet as the encoder reads it.
struct Rows<'a> {
    sheet: &'a Sheet,
    width: u16,
    height: u16,
}

impl jpeg_encoder::ImageBuffer for Rows<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        self.width
    }

    fn height(&self) -> u16 {
        self.height
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        match self.sheet.row(y.into()) {
            Some(row) => push_pixels(row, buffers),
            None => push_color(self.sheet.background, self.width.into(), buffers),
        }
    }
}

fn push_pixels(row: &[u8], [luma, blue, red, _]: &mut [Vec<u8>; 4]) {
    for &[r, g, b] in row.as_chunks::<CHANNELS>().0 {
        let (y, cb, cr) = rgb_to_ycbcr(r, g, b);
        luma.push(y);
        blue.push(cb);
        red.push(cr);
    }
}

fn push_color([r, g, b]: [u8; 3], count: usize, [luma, blue, red, _]: &mut [Vec<u8>; 4]) {
    let (y, cb, cr) = rgb_to_ycbcr(r, g, b);
    for (buffer, value) in [(luma, y), (blue, cb), (red, cr)] {
        buffer.resize(buffer.len() + count, value);
    }
}

#[cfg(test)]
mod tests;
