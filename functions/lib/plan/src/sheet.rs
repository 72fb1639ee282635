//! Where the cells of a sprite sheet lie.

use crate::size::{MAX_JPEG_SIDE_PX, MAX_WEBP_SIDE_PX, Size};
use thiserror::Error;

/// The geometry of every sheet of one job. All sheets have the same size: the last one is kept
/// whole, its unused cells in the background colour, so that a cell's place never depends on
/// how many pictures there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    cell: Size,
    columns: u32,
    lines: u32,
    padding: u32,
    margin: u32,
}

/// A sheet that would not fit into a JPEG, or into memory.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SheetTooLarge {
    /// A side over JPEG's limit.
    #[error(
        "a sprite sheet of {columns} columns x {lines} lines would be {width}x{height} px; \
         the limit is {MAX_JPEG_SIDE_PX} px a side"
    )]
    Side {
        /// Cells per row.
        columns: u32,
        /// Rows.
        lines: u32,
        /// px
        width: u64,
        /// px
        height: u64,
    },
    /// A side over WebP's limit.
    #[error(
        "a sprite sheet of {columns} columns x {lines} lines would be {width}x{height} px; \
         the limit of WebP is {MAX_WEBP_SIDE_PX} px a side"
    )]
    WebpSide {
        /// Cells per row.
        columns: u32,
        /// Rows.
        lines: u32,
        /// px
        width: u32,
        /// px
        height: u32,
    },
    /// A side over what was asked for.
    #[error(
        "a sprite sheet of {columns} columns x {lines} lines would be {width}x{height} px; \
         the most is {most} px a side"
    )]
    LongSide {
        /// Cells per row.
        columns: u32,
        /// Rows.
        lines: u32,
        /// px
        width: u32,
        /// px
        height: u32,
        /// px
        most: u32,
    },
    /// Too many pixels in all.
    #[error(
        "a sprite sheet of {columns} columns x {lines} lines would be {width}x{height} px, \
         {pixels} in all; the limit is {limit} pixels"
    )]
    Pixels {
        /// Cells per row.
        columns: u32,
        /// Rows.
        lines: u32,
        /// px
        width: u64,
        /// px
        height: u64,
        /// width x height
        pixels: u64,
        /// The most that is allowed.
        limit: u64,
    },
}

impl Grid {
    /// The geometry, or why no JPEG can have it.
    ///
    /// # Errors
    /// See [`SheetTooLarge`].
    pub fn new(
        cell: Size,
        (columns, lines): (u32, u32),
        padding: u32,
        margin: u32,
    ) -> Result<Self, SheetTooLarge> {
        let width = extent(cell.width, columns, padding, margin);
        let height = extent(cell.height, lines, padding, margin);
        if width.max(height) > u64::from(MAX_JPEG_SIDE_PX) {
            return Err(SheetTooLarge::Side {
                columns,
                lines,
                width,
                height,
            });
        }
        Ok(Self {
            cell,
            columns,
            lines,
            padding,
            margin,
        })
    }

    /// The same, or why it is too large where a sheet may have `max_pixels`.
    ///
    /// # Errors
    /// [`SheetTooLarge::Pixels`].
    pub fn within(self, max_pixels: u64) -> Result<Self, SheetTooLarge> {
        let (sheet, pixels) = (self.sheet(), self.sheet().pixels());
        if pixels <= max_pixels {
            return Ok(self);
        }
        Err(SheetTooLarge::Pixels {
            columns: self.columns,
            lines: self.lines,
            width: u64::from(sheet.width),
            height: u64::from(sheet.height),
            pixels,
            limit: max_pixels,
        })
    }

    /// The same, or why it is too large where a side may have `most` px.
    ///
    /// # Errors
    /// [`SheetTooLarge::LongSide`].
    pub fn within_sides(self, most: Option<u32>) -> Result<Self, SheetTooLarge> {
        let Size { width, height } = self.sheet();
        match most.filter(|most| width.max(height) > *most) {
            None => Ok(self),
            Some(most) => Err(SheetTooLarge::LongSide {
                columns: self.columns,
                lines: self.lines,
                width,
                height,
                most,
            }),
        }
    }

    /// The same, or why no WebP can have it.
    ///
    /// # Errors
    /// [`SheetTooLarge::WebpSide`].
    pub fn within_webp(self) -> Result<Self, SheetTooLarge> {
        let Size { width, height } = self.sheet();
        if width.max(height) <= MAX_WEBP_SIDE_PX {
            return Ok(self);
        }
        Err(SheetTooLarge::WebpSide {
            columns: self.columns,
            lines: self.lines,
            width,
            height,
        })
    }

    /// The size of each cell.
    #[must_use]
    pub fn cell(&self) -> Size {
        self.cell
    }

    /// The size of each sheet.
    #[must_use]
    pub fn sheet(&self) -> Size {
        let side = |cell, count| {
            u32::try_from(extent(cell, count, self.padding, self.margin)).unwrap_or(u32::MAX)
        };
        Size {
            width: side(self.cell.width, self.columns),
            height: side(self.cell.height, self.lines),
        }
    }

    /// Columns and lines of each sheet.
    #[must_use]
    pub fn layout(&self) -> (u32, u32) {
        (self.columns, self.lines)
    }

    /// Cells per sheet.
    #[must_use]
    pub fn capacity(&self) -> u64 {
        u64::from(self.columns) * u64::from(self.lines)
    }

    /// Sheets that `pictures` cells fill.
    #[must_use]
    pub fn sheets(&self, pictures: u64) -> u64 {
        pictures.div_ceil(self.capacity().max(1))
    }

    /// The upper left pixel of a cell on its sheet; cells count from 0 in row order.
    #[must_use]
    pub fn origin(&self, cell: u32) -> (u32, u32) {
        let column = cell % self.columns;
        let line = cell / self.columns;
        (
            self.margin + column * (self.cell.width + self.padding),
            self.margin + line * (self.cell.height + self.padding),
        )
    }
}

fn extent(cell: u32, count: u32, padding: u32, margin: u32) -> u64 {
    let (cell, count, padding) = (u64::from(cell), u64::from(count), u64::from(padding));
    2 * u64::from(margin) + count * cell + count.saturating_sub(1) * padding
}

#[cfg(test)]
mod tests {
    use super::*;

    const CELL: Size = Size {
        width: 120,
        height: 68,
    };

    #[test]
    fn the_documented_example_has_these_places() {
        let grid = Grid::new(CELL, (3, 10), 20, 50).unwrap();
        assert_eq!(
            grid.sheet(),
            Size {
                width: 100 + 360 + 40,
                height: 100 + 680 + 180
            }
        );
        assert_eq!(grid.origin(0), (50, 50));
        assert_eq!(grid.origin(4), (50 + 140, 50 + 88));
        assert_eq!(grid.sheets(50), 2);
    }

    #[test]
    fn a_sheet_beyond_webp_is_refused_with_its_numbers() {
        let of = |columns| Grid::new(CELL, (columns, 1), 0, 0).unwrap();
        assert_eq!(of(136).within_webp(), Ok(of(136)));
        let error = of(137).within_webp().unwrap_err().to_string();
        assert!(
            error.contains("16440x68") && error.contains("WebP is 16383 px"),
            "{error}"
        );
    }

    #[test]
    fn a_sheet_beyond_jpeg_is_refused_with_its_numbers() {
        let error = Grid::new(CELL, (10_000, 10), 0, 0).unwrap_err();
        assert!(error.to_string().contains("1200000x680"), "{error}");
        let large = Size {
            width: 4096,
            height: 4096,
        };
        let grid = Grid::new(large, (15, 15), 0, 0).unwrap();
        let error = grid.within(3_774_873_599).unwrap_err();
        assert!(error.to_string().contains("3774873600 in all"), "{error}");
        assert_eq!(grid.within(3_774_873_600), Ok(grid));
    }
}
