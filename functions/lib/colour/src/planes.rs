//! From the planes of any matrix to those of BT.601, as JPEG has them.
//!
//! Grey is the same in every matrix, so chroma depends on chroma alone, and luma on chroma by two
//! small factors.

use crate::conversion::FrameConversion;
use crate::matrix::ColourMatrix;
use crate::signals::full_scale;
use plan::Size;

/// What becomes of the planes of one video.
#[derive(Debug, Clone)]
pub(crate) struct MatrixChange {
    size: Size,
    luma: f32,
    black: f32,
    factors: MatrixFactors,
}

/// What each chroma number adds, as parts of 255 for each step of the source.
#[derive(Debug, Clone, Copy)]
struct MatrixFactors {
    luma_of_cb: f32,
    luma_of_cr: f32,
    cb_of_cb: f32,
    cb_of_cr: f32,
    cr_of_cb: f32,
    cr_of_cr: f32,
}

/// Grey among the chroma numbers of 16 bits, and of 8.
const NEUTRAL: f32 = 32_768.0;
const GREY: f32 = 128.0;

/// Numbers in the three planes: chroma has half the width and height, rounded up.
pub(crate) fn numbers(size: Size) -> u64 {
    let chroma = u64::from(size.width.div_ceil(2)) * u64::from(size.height.div_ceil(2));
    size.pixels() + 2 * chroma
}

impl MatrixChange {
    pub(crate) fn new(frames: &FrameConversion<'_>, matrix: ColourMatrix) -> Self {
        // Numbers of fewer bits come in the upper ones of 16.
        let (luma, chroma, black) = if frames.is_full_range() {
            let scale = full_scale(frames.storage.bits);
            (scale, scale, 0.0)
        } else {
            (219.0 * 256.0, 224.0 * 256.0, 16.0 * 256.0)
        };
        Self {
            size: frames.size,
            luma: (255.0 / luma) as f32,
            black,
            factors: MatrixFactors::new(matrix, 255.0 / chroma),
        }
    }

    /// `raw` is three planes of 16-bit little-endian numbers; what comes back is three of 8 bits.
    pub(crate) fn apply(&self, raw: &[u8]) -> Vec<u8> {
        let (width, height) = (self.size.width as usize, self.size.height as usize);
        let (across, down) = (width.div_ceil(2), height.div_ceil(2));
        let mut planes = vec![0; raw.len() / 2];
        let parts = raw.split_at_checked(2 * width * height);
        let written = planes.split_at_mut_checked(width * height);
        let (Some((luma, chroma)), Some((new_luma, new_chroma))) = (parts, written) else {
            return planes;
        };
        let (cb, cr) = chroma.split_at(chroma.len() / 2);
        let (new_cb, new_cr) = new_chroma.split_at_mut(across * down);
        let mut shift = vec![0.0; across];
        let chroma = cb.chunks(2 * across).zip(cr.chunks(2 * across));
        let new_chroma = new_cb.chunks_mut(across).zip(new_cr.chunks_mut(across));
        let luma = luma.chunks(4 * width).zip(new_luma.chunks_mut(2 * width));
        for ((chroma, new_chroma), (rows, new_rows)) in chroma.zip(new_chroma).zip(luma) {
            self.factors.chroma(chroma, new_chroma, &mut shift);
            for (row, new_row) in rows.chunks(2 * width).zip(new_rows.chunks_mut(width)) {
                self.luma(row, new_row, &shift);
            }
        }
        planes
    }

    fn luma(&self, row: &[u8], new: &mut [u8], shift: &[f32]) {
        let pairs = row.chunks(4).zip(new.chunks_mut(2)).zip(shift);
        for ((old, new), shift) in pairs {
            for (old, new) in words(old).zip(new) {
                *new = rounded((old - self.black) * self.luma + shift);
            }
        }
    }
}

impl MatrixFactors {
    /// `unit` is one step of the source's chroma, as parts of 255.
    fn new(matrix: ColourMatrix, unit: f64) -> Self {
        let (red, blue) = matrix.red_and_blue();
        let (to_red, to_blue) = ColourMatrix::Bt601.red_and_blue();
        let (green, to_green) = (1.0 - red - blue, 1.0 - to_red - to_blue);
        // The new luma of a picture of luma 0 and chroma 1.
        let of_cb = 2.0 * (1.0 - blue) * (to_blue - to_green * blue / green);
        let of_cr = 2.0 * (1.0 - red) * (to_red - to_green * red / green);
        let (from_blue, from_red) = (2.0 * (1.0 - to_blue), 2.0 * (1.0 - to_red));
        Self {
            luma_of_cb: (unit * of_cb) as f32,
            luma_of_cr: (unit * of_cr) as f32,
            cb_of_cb: (unit * (2.0 * (1.0 - blue) - of_cb) / from_blue) as f32,
            cb_of_cr: (unit * -of_cr / from_blue) as f32,
            cr_of_cb: (unit * -of_cb / from_red) as f32,
            cr_of_cr: (unit * (2.0 * (1.0 - red) - of_cr) / from_red) as f32,
        }
    }

    /// One row of chroma, and by how much it moves the luma above it.
    fn chroma(self, old: (&[u8], &[u8]), new: (&mut [u8], &mut [u8]), shift: &mut [f32]) {
        let old = words(old.0).zip(words(old.1));
        let new = new.0.iter_mut().zip(new.1);
        for (((cb, cr), (new_cb, new_cr)), shift) in old.zip(new).zip(shift) {
            let (cb, cr) = (cb - NEUTRAL, cr - NEUTRAL);
            *shift = self.luma_of_cb * cb + self.luma_of_cr * cr;
            *new_cb = rounded(GREY + self.cb_of_cb * cb + self.cb_of_cr * cr);
            *new_cr = rounded(GREY + self.cr_of_cb * cb + self.cr_of_cr * cr);
        }
    }
}

fn words(bytes: &[u8]) -> impl Iterator<Item = f32> {
    let pairs = bytes.as_chunks::<2>().0.iter();
    pairs.map(|&pair| f32::from(u16::from_le_bytes(pair)))
}

/// The cast saturates.
fn rounded(value: f32) -> u8 {
    (value + 0.5) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame_colour::FrameColour;
    use crate::pixel_layout::PixelLayout;
    use crate::sample_storage::SampleStorage;

    fn rematrix(matrix: ColourMatrix, full_range: bool, width: u32, height: u32) -> MatrixChange {
        let size = Size { width, height };
        let colour = FrameColour {
            full_range: Some(full_range),
            ..FrameColour::default()
        };
        let storage = SampleStorage {
            bits: 8,
            ..SampleStorage::default()
        };
        let frames = FrameConversion {
            shape: size,
            colour: &colour,
            storage,
            interlaced: false,
            crop: None,
            size,
            layout: PixelLayout::Yuv420Full,
        };
        MatrixChange::new(&frames, matrix)
    }

    /// Full-range numbers of `rgb`, 0 to 255, by the definition of a matrix.
    fn numbers_of(matrix: ColourMatrix, [r, g, b]: [f64; 3]) -> [f64; 3] {
        let (red, blue) = matrix.red_and_blue();
        let luma = red * r + (1.0 - red - blue) * g + blue * b;
        let cb = (b - luma) / (2.0 * (1.0 - blue));
        let cr = (r - luma) / (2.0 * (1.0 - red));
        [luma, cb, cr]
    }

    #[test]
    fn colours_stay_and_their_numbers_change() {
        let matrices = [
            ColourMatrix::Bt601,
            ColourMatrix::Bt709,
            ColourMatrix::Bt2020,
            ColourMatrix::Smpte240M,
            ColourMatrix::Fcc,
        ];
        let colours = [
            [255.0, 255.0, 255.0],
            [0.0, 0.0, 0.0],
            [200.0, 40.0, 60.0],
            [30.0, 180.0, 90.0],
            [60.0, 50.0, 210.0],
            [128.0, 128.0, 128.0],
        ];
        for (matrix, colour) in matrices
            .iter()
            .flat_map(|m| colours.map(|colour| (*m, colour)))
        {
            let [luma, cb, cr] = numbers_of(matrix, colour);
            let stored = [
                16.0 + luma * 219.0 / 255.0,
                128.0 + cb * 224.0 / 255.0,
                128.0 + cr * 224.0 / 255.0,
            ];
            let raw: Vec<u8> = stored
                .iter()
                .flat_map(|number| ((number * 256.0).round() as u16).to_le_bytes())
                .collect();
            let [luma, cb, cr] = numbers_of(ColourMatrix::Bt601, colour);
            let wanted = [luma, 128.0 + cb, 128.0 + cr];
            let got = rematrix(matrix, false, 1, 1).apply(&raw);
            for (one, other) in got.iter().zip(wanted) {
                let off = (f64::from(*one) - other).abs();
                assert!(off <= 0.52, "{matrix:?} {got:?} {wanted:?}");
            }
        }
    }

    #[test]
    fn odd_sides_have_chroma_for_their_last_pixels() {
        let size = Size {
            width: 3,
            height: 3,
        };
        assert_eq!(numbers(size), 9 + 2 * 4);
        let word = |number: u16| (number << 8).to_le_bytes();
        let raw: Vec<u8> = (0..17)
            .flat_map(|nth| word(if nth < 9 { 100 } else { 200 }))
            .collect();
        let planes = rematrix(ColourMatrix::Bt709, true, 3, 3).apply(&raw);
        assert_eq!(planes.len(), 17);
        let moved = planes[0];
        assert!(moved != 100 && planes[..9].iter().all(|&luma| luma == moved));
    }
}
