//! Some cells of a sheet, one below the other, without loss: on their way from one process that fills
//! the sheet to another.

use super::Sheet;
use crate::pixels::CHANNELS;
use crate::png::{self, PngError};
use ::png::{BitDepth, ColorType, Decoder, DecodingError};
use plan::Size;
use std::io::Cursor;
use thiserror::Error;

/// What is no strip of cells of that size.
#[derive(Debug, Error)]
pub enum StripError {
    /// It is no PNG.
    #[error("the cells of a sheet can't be read: {0}")]
    Png(#[from] DecodingError),
    /// It is one of something else.
    #[error("the cells of a sheet have another size or number")]
    Other,
}

impl Sheet {
    /// A PNG of these cells, counted from 0, in this order.
    ///
    /// # Errors
    /// No cells, more than a PNG has rows, or the encoder's own.
    pub fn encode_strip(&self, cells: &[u32]) -> Result<Vec<u8>, PngError> {
        let cell = self.grid.cell();
        let empty: Vec<u8> = (0..cell.width).flat_map(|_| self.background).collect();
        let count = u32::try_from(cells.len()).unwrap_or(u32::MAX);
        let size = Size {
            width: cell.width,
            height: cell.height.saturating_mul(count),
        };
        png::encode_rows(size, |y| {
            let nth = usize::try_from(y / cell.height).unwrap_or(usize::MAX);
            let row = cells
                .get(nth)
                .and_then(|&at| self.cell_row(at, y % cell.height));
            row.unwrap_or(&empty)
        })
    }

    /// One row of pixels of a cell; none where nothing was placed beside it.
    fn cell_row(&self, cell_index: u32, y: u32) -> Option<&[u8]> {
        let (left, top) = self.grid.origin(cell_index);
        let from = usize::try_from(left).ok()? * CHANNELS;
        let bytes = usize::try_from(self.grid.cell().width).ok()? * CHANNELS;
        self.row(top.checked_add(y)?)?.get(from..from + bytes)
    }
}

/// Gives the pixels of each of the `count` cells of a strip to `take`, one after the other.
///
/// # Errors
/// See [`StripError`]; and those of `take`.
pub fn read_strip<E: From<StripError>>(
    strip: &[u8],
    cell: Size,
    count: usize,
    mut take: impl FnMut(usize, &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut reader = Decoder::new(Cursor::new(strip))
        .read_info()
        .map_err(StripError::from)?;
    let info = reader.info();
    let height = u64::from(cell.height) * count as u64;
    if (info.width, u64::from(info.height)) != (cell.width, height)
        || (info.color_type, info.bit_depth) != (ColorType::Rgb, BitDepth::Eight)
    {
        return Err(StripError::Other.into());
    }
    let mut pixels = Vec::new();
    for nth in 0..count {
        pixels.clear();
        for _ in 0..cell.height {
            let row = reader.next_row().map_err(StripError::from)?;
            let row = row.ok_or(StripError::Other)?;
            pixels.extend_from_slice(row.data());
        }
        take(nth, &pixels)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quality;
    use plan::Grid;

    const CELL: Size = Size {
        width: 16,
        height: 9,
    };

    fn grid() -> Grid {
        Grid::new(CELL, (3, 4), 2, 5).unwrap()
    }

    /// Pixels of a picture that is smaller than its cell by `less` on both sides.
    fn picture(number: u32, less: u32) -> (Vec<u8>, Size) {
        let size = Size {
            width: CELL.width - less,
            height: CELL.height - less,
        };
        let values = 0..size.width * size.height * 3;
        let pixels = values.map(|n| (n * 7 + number * 31) as u8).collect();
        (pixels, size)
    }

    fn place(sheet: &mut Sheet, cells: impl IntoIterator<Item = u32>) {
        for cell in cells {
            let (pixels, size) = picture(cell, cell % 3);
            sheet.place(cell, &pixels, size).unwrap();
        }
    }

    #[test]
    fn a_sheet_put_together_from_strips_is_that_of_one_process() {
        let background = [9, 90, 200];
        let mut whole = Sheet::new(grid(), background);
        place(&mut whole, 0..11);
        let mut joined = Sheet::new(grid(), background);
        for cells in [vec![0, 1, 2, 3, 4], vec![5], vec![6, 7, 8, 9, 10]] {
            let mut part = Sheet::new(grid(), background);
            place(&mut part, cells.iter().copied());
            let strip = part.encode_strip(&cells).unwrap();
            let mut take = |nth: usize, pixels: &[u8]| {
                joined.place(cells[nth], pixels, CELL).unwrap();
                Ok::<(), StripError>(())
            };
            read_strip(&strip, CELL, cells.len(), &mut take).unwrap();
        }
        let jpeg = |sheet: &Sheet| sheet.encode(Quality::default()).unwrap();
        assert!(jpeg(&joined) == jpeg(&whole));
        assert!(joined.encode_png().unwrap() == whole.encode_png().unwrap());
    }

    #[test]
    fn what_is_no_strip_of_these_cells_is_refused() {
        let mut sheet = Sheet::new(grid(), [0; 3]);
        place(&mut sheet, 0..2);
        let strip = sheet.encode_strip(&[0, 1]).unwrap();
        let read = |bytes: &[u8], cell: Size, count: usize| {
            read_strip(bytes, cell, count, |_, _| Ok::<(), StripError>(()))
        };
        assert!(read(&strip, CELL, 2).is_ok());
        let other = Size {
            width: CELL.width,
            height: CELL.height + 1,
        };
        assert!(matches!(read(&strip, CELL, 3), Err(StripError::Other)));
        assert!(matches!(read(&strip, other, 2), Err(StripError::Other)));
        assert!(matches!(read(b"none", CELL, 2), Err(StripError::Png(_))));
        let half = &strip[..strip.len() / 2];
        assert!(read(half, CELL, 2).is_err());
        assert!(sheet.encode_strip(&[]).is_err());
    }
}
