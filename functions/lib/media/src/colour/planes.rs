//! From the planes of any matrix to those of BT.601, as JPEG has them.
//!
//! Grey is the same in every matrix, so chroma depends on chroma alone, and luma on chroma by two
//! small factors.

use super::matrix::Matrix;
use plan::Size;

/// Factors are kept in 1/65536.
const ONE: f64 = 65_536.0;
const SHIFT: i32 = 16;
const HALF: i32 = 1 << (SHIFT - 1);

/// What becomes of pictures of one matrix.
#[derive(Debug, Clone)]
pub(super) struct Rematrix {
    size: Size,
    /// None where they are of BT.601 already.
    factors: Option<Factors>,
}

#[derive(Debug, Clone, Copy)]
struct Factors {
    luma_of_cb: i32,
    luma_of_cr: i32,
    cb_of_cb: i32,
    cb_of_cr: i32,
    cr_of_cb: i32,
    cr_of_cr: i32,
}

/// Bytes of the three planes: chroma has half the width and height, rounded up.
pub(super) fn bytes(size: Size) -> u64 {
    let chroma = u64::from(size.width.div_ceil(2)) * u64::from(size.height.div_ceil(2));
    size.pixels() + 2 * chroma
}

impl Rematrix {
    pub(super) fn new(matrix: Matrix, size: Size) -> Self {
        let factors = (matrix != Matrix::Bt601).then(|| Factors::from(matrix));
        Self { size, factors }
    }

    /// In place: full range, 8 bits, luma, then both chroma planes.
    pub(super) fn apply(&self, planes: &mut [u8]) {
        let (width, height) = (self.size.width as usize, self.size.height as usize);
        let (across, down) = (width.div_ceil(2), height.div_ceil(2));
        let Some((luma, chroma)) = planes.split_at_mut_checked(width * height) else {
            return;
        };
        let Some((cb, cr)) = chroma.split_at_mut_checked(across * down) else {
            return;
        };
        let Some(factors) = &self.factors else {
            return;
        };
        let mut shift = vec![0_i32; across];
        for (nth, rows) in luma.chunks_mut(2 * width).enumerate() {
            let span = nth * across..(nth + 1) * across;
            let (Some(cb), Some(cr)) = (cb.get_mut(span.clone()), cr.get_mut(span)) else {
                return;
            };
            factors.chroma(cb, cr, &mut shift);
            for row in rows.chunks_mut(width) {
                for (pair, &shift) in row.chunks_mut(2).zip(&shift) {
                    for luma in pair {
                        *luma = clamped(i32::from(*luma) + shift);
                    }
                }
            }
        }
    }
}

impl Factors {
    fn from(matrix: Matrix) -> Self {
        let (red, blue) = matrix.red_and_blue();
        let (to_red, to_blue) = Matrix::Bt601.red_and_blue();
        let (green, to_green) = (1.0 - red - blue, 1.0 - to_red - to_blue);
        // The new luma of a picture of luma 0 and chroma 1.
        let of_cb = 2.0 * (1.0 - blue) * (to_blue - to_green * blue / green);
        let of_cr = 2.0 * (1.0 - red) * (to_red - to_green * red / green);
        let (from_blue, from_red) = (2.0 * (1.0 - to_blue), 2.0 * (1.0 - to_red));
        Self {
            luma_of_cb: fixed(of_cb),
            luma_of_cr: fixed(of_cr),
            cb_of_cb: fixed((2.0 * (1.0 - blue) - of_cb) / from_blue),
            cb_of_cr: fixed(-of_cr / from_blue),
            cr_of_cb: fixed(-of_cb / from_red),
            cr_of_cr: fixed((2.0 * (1.0 - red) - of_cr) / from_red),
        }
    }

    /// One row of chroma, and by how much it moves the luma above it.
    fn chroma(self, cb: &mut [u8], cr: &mut [u8], shift: &mut [i32]) {
        for ((cb, cr), shift) in cb.iter_mut().zip(cr).zip(shift) {
            let (blue, red) = (i32::from(*cb) - 128, i32::from(*cr) - 128);
            *shift = (self.luma_of_cb * blue + self.luma_of_cr * red + HALF) >> SHIFT;
            *cb = clamped(128 + ((self.cb_of_cb * blue + self.cb_of_cr * red + HALF) >> SHIFT));
            *cr = clamped(128 + ((self.cr_of_cb * blue + self.cr_of_cr * red + HALF) >> SHIFT));
        }
    }
}

/// Factors are below 2.
#[allow(clippy::cast_possible_truncation)]
fn fixed(factor: f64) -> i32 {
    (factor * ONE).round() as i32
}

fn clamped(value: i32) -> u8 {
    u8::try_from(value.clamp(0, 255)).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Full-range planes of one pixel of `rgb`, 0 to 255, by the definition of a matrix.
    fn planes(matrix: Matrix, [r, g, b]: [f64; 3]) -> [u8; 3] {
        let (red, blue) = matrix.red_and_blue();
        let luma = red * r + (1.0 - red - blue) * g + blue * b;
        let cb = 128.0 + (b - luma) / (2.0 * (1.0 - blue));
        let cr = 128.0 + (r - luma) / (2.0 * (1.0 - red));
        [luma, cb, cr].map(|value| value.round().clamp(0.0, 255.0) as u8)
    }

    #[test]
    fn colours_stay_and_their_numbers_change() {
        let size = Size {
            width: 1,
            height: 1,
        };
        for matrix in [
            Matrix::Bt709,
            Matrix::Bt2020,
            Matrix::Smpte240M,
            Matrix::Fcc,
        ] {
            for colour in [
                [255.0, 255.0, 255.0],
                [0.0, 0.0, 0.0],
                [200.0, 40.0, 60.0],
                [30.0, 180.0, 90.0],
                [60.0, 50.0, 210.0],
                [128.0, 128.0, 128.0],
            ] {
                let mut own = planes(matrix, colour);
                Rematrix::new(matrix, size).apply(&mut own);
                let wanted = planes(Matrix::Bt601, colour);
                for (one, other) in own.iter().zip(wanted) {
                    assert!(one.abs_diff(other) <= 1, "{matrix:?} {own:?} {wanted:?}");
                }
            }
        }
    }

    #[test]
    fn odd_sides_have_chroma_for_their_last_pixels() {
        let size = Size {
            width: 3,
            height: 3,
        };
        assert_eq!(bytes(size), 9 + 2 * 4);
        let mut planes = vec![100; 17];
        planes[9..].fill(200);
        Rematrix::new(Matrix::Bt709, size).apply(&mut planes);
        assert!(
            planes[..9]
                .iter()
                .all(|&luma| luma == planes[0] && luma != 100)
        );
    }
}
