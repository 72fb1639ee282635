//! Pictures in memory, turned, cropped and averaged over cells.

use image::ImageError;

/// Rows of RGB, 8 bits each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raster {
    /// px
    pub width: usize,
    /// px
    pub height: usize,
    pixels: Vec<u8>,
}

/// One of the eight ways to hold a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// Columns and rows are exchanged first.
    pub transposed: bool,
    /// Then left and right.
    pub mirrored: bool,
    /// Then top and bottom.
    pub upside_down: bool,
}

impl Turn {
    /// As it is.
    pub const NONE: Self = Self {
        transposed: false,
        mirrored: false,
        upside_down: false,
    };

    /// All eight, the first of which changes nothing.
    #[must_use]
    pub fn all() -> [Self; 8] {
        std::array::from_fn(|nth| Self {
            transposed: nth & 4 != 0,
            mirrored: nth & 1 != 0,
            upside_down: nth & 2 != 0,
        })
    }

    /// By so many degrees anticlockwise. Players turn by whole quarters only.
    #[must_use]
    pub fn anticlockwise(degrees: f64) -> Self {
        let quarters = (degrees / 90.0).rem_euclid(4.0);
        let quarters = match quarters.fract() == 0.0 {
            true => quarters as u32,
            false => 0,
        };
        let turn = |transposed, mirrored, upside_down| Self {
            transposed,
            mirrored,
            upside_down,
        };
        match quarters {
            1 => turn(true, false, true),
            2 => turn(false, true, true),
            3 => turn(true, true, false),
            _ => Self::NONE,
        }
    }
}

impl Raster {
    /// All black.
    #[must_use]
    pub fn black(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            pixels: vec![0; 3 * width * height],
        }
    }

    /// Of a JPEG.
    ///
    /// # Errors
    /// It is none.
    pub fn of_jpeg(bytes: &[u8]) -> Result<Self, ImageError> {
        let picture = image::load_from_memory(bytes)?.into_rgb8();
        Ok(Self {
            width: picture.width() as usize,
            height: picture.height() as usize,
            pixels: picture.into_raw(),
        })
    }

    /// The colour at x, y.
    #[must_use]
    pub fn get(&self, x: usize, y: usize) -> [u8; 3] {
        let at = 3 * (y * self.width + x);
        [self.pixels[at], self.pixels[at + 1], self.pixels[at + 2]]
    }

    /// Sets the colour at x, y.
    pub fn set(&mut self, x: usize, y: usize, colour: [u8; 3]) {
        let at = 3 * (y * self.width + x);
        self.pixels[at..at + 3].copy_from_slice(&colour);
    }

    /// All bytes, rows from the top.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.pixels
    }

    /// Held another way.
    #[must_use]
    pub fn turned(&self, turn: Turn) -> Self {
        let (width, height) = if turn.transposed {
            (self.height, self.width)
        } else {
            (self.width, self.height)
        };
        let mut turned = Self::black(width, height);
        for y in 0..height {
            for x in 0..width {
                let from_x = if turn.mirrored { width - 1 - x } else { x };
                let from_y = if turn.upside_down { height - 1 - y } else { y };
                let (from_x, from_y) = if turn.transposed {
                    (from_y, from_x)
                } else {
                    (from_x, from_y)
                };
                turned.set(x, y, self.get(from_x, from_y));
            }
        }
        turned
    }

    /// A part of it.
    #[must_use]
    pub fn cropped(&self, left: usize, top: usize, width: usize, height: usize) -> Self {
        let mut part = Self::black(width, height);
        for y in 0..height {
            for x in 0..width {
                part.set(x, y, self.get(left + x, top + y));
            }
        }
        part
    }

    /// The mean colour of each cell of a grid, rows from the top; a pixel that lies in two cells
    /// counts in both for its part.
    #[must_use]
    pub fn cells(&self, columns: usize, rows: usize) -> Vec<[f64; 3]> {
        let (across, down) = (parts(self.width, columns), parts(self.height, rows));
        let mut cells = Vec::with_capacity(columns * rows);
        for down in &down {
            for across in &across {
                let mut sum = [0.0; 3];
                let mut whole = 0.0;
                for &(y, part_y) in down {
                    for &(x, part_x) in across {
                        let colour = self.get(x, y);
                        let part = part_x * part_y;
                        (0..3).for_each(|c| sum[c] += part * f64::from(colour[c]));
                        whole += part;
                    }
                }
                cells.push(sum.map(|sum| sum / whole));
            }
        }
        cells
    }
}

/// For each cell the pixels in it and which part of each.
fn parts(pixels: usize, cells: usize) -> Vec<Vec<(usize, f64)>> {
    let border = |cell: usize| cell as f64 * pixels as f64 / cells as f64;
    (0..cells)
        .map(|cell| {
            let (from, to) = (border(cell), border(cell + 1));
            (from.floor() as usize..(to.ceil() as usize).min(pixels))
                .map(|px| (px, (to.min(px as f64 + 1.0) - from.max(px as f64)).max(0.0)))
                .filter(|(_, part)| *part > 1e-9)
                .collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_anticlockwise_brings_the_right_side_to_the_top() {
        let mut raster = Raster::black(2, 1);
        raster.set(1, 0, [255; 3]);
        let turned = raster.turned(Turn::anticlockwise(90.0));
        assert_eq!((turned.width, turned.height), (1, 2));
        assert_eq!(turned.get(0, 0), [255; 3]);
        let back = turned.turned(Turn::anticlockwise(-90.0));
        assert_eq!(back, raster);
    }

    #[test]
    fn cells_share_the_pixels_between_them() {
        let mut raster = Raster::black(3, 1);
        raster.set(1, 0, [90; 3]);
        assert_eq!(raster.cells(2, 1), [[30.0; 3], [30.0; 3]]);
    }
}
