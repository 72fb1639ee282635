//! How alike two pictures are.

use super::raster::{Raster, Turn};

/// Mean difference of cells, of 255, up to which colours are the same: a JPEG of quality 90 is
/// below 1, a wrong matrix above 4 where there are colours at all.
pub const MOST_MEAN_ERROR: f64 = 2.5;
/// Difference that no more than one cell in fifty may exceed.
pub const MOST_CELL_ERROR: f64 = 10.0;
/// What is forgiven, as a part of the difference between a cell and those around it: an edge that
/// lies half a pixel beside its place, as colour edges do between one siting of chroma and another.
const EDGE_ALLOWANCE: f64 = 0.16;
/// Likeness below which another thing is to be seen.
pub const LEAST_LIKENESS: f64 = 0.85;
/// A frame that is so much more alike is the one shown.
pub const CLEARLY_MORE: f64 = 0.01;
/// Variance of a picture without anything to be seen in it: all such are alike.
const FLAT: f64 = 9.0;
/// Cells are at least so many px wide and high.
const CELL_PX: usize = 6;
/// And no more than so many a side: enough to see a stripe.
const MOST_CELLS: usize = 64;

/// The differences of the cells of two pictures of any size.
#[derive(Debug, Clone, Copy)]
pub struct CellErrors {
    /// Of all cells and components, of 255.
    pub mean: f64,
    /// That of the cell that only one in fifty exceeds.
    pub most: f64,
    /// From -1 to 1, whatever their colours.
    pub likeness: f64,
}

fn grid(width: usize, height: usize) -> (usize, usize) {
    let cells = |px: usize| (px / CELL_PX).clamp(1, MOST_CELLS);
    (cells(width), cells(height))
}

/// Compares over a grid, so that neither scalers nor JPEG's blocks matter.
#[must_use]
pub fn cell_errors(one: &Raster, other: &Raster) -> CellErrors {
    let (columns, rows) = grid(one.width.min(other.width), one.height.min(other.height));
    let (one, other) = (one.cells(columns, rows), other.cells(columns, rows));
    let mut errors: Vec<f64> = Vec::with_capacity(one.len());
    let mut sum = 0.0;
    for (at, (a, b)) in one.iter().zip(&other).enumerate() {
        let edge = contrast(&other, (at % columns, at / columns), (columns, rows));
        let error = |c: usize| ((a[c] - b[c]).abs() - EDGE_ALLOWANCE * edge[c]).max(0.0);
        errors.push((0..3).map(error).fold(0.0, f64::max));
        sum += (0..3).map(error).sum::<f64>() / 3.0;
    }
    errors.sort_by(f64::total_cmp);
    CellErrors {
        mean: sum / errors.len() as f64,
        most: errors[(errors.len() - 1) * 49 / 50],
        likeness: likeness(&brightness(&one), &brightness(&other)),
    }
}

/// The largest difference of each component between a cell and those around it.
fn contrast(cells: &[[f64; 3]], (x, y): (usize, usize), (w, h): (usize, usize)) -> [f64; 3] {
    let own = cells[y * w + x];
    let mut most = [0.0; 3];
    for near_y in y.saturating_sub(1)..=(y + 1).min(h - 1) {
        for near_x in x.saturating_sub(1)..=(x + 1).min(w - 1) {
            let near = cells[near_y * w + near_x];
            (0..3).for_each(|c| most[c] = f64::max(most[c], (near[c] - own[c]).abs()));
        }
    }
    most
}

/// How bright each cell is.
#[must_use]
pub fn brightness(cells: &[[f64; 3]]) -> Vec<f64> {
    let luma = |[r, g, b]: &[f64; 3]| 0.3 * r + 0.59 * g + 0.11 * b;
    cells.iter().map(luma).collect()
}

/// The correlation of two rows of brightnesses; 1 where there is nothing to be seen in either.
#[must_use]
pub fn likeness(one: &[f64], two: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_one, mean_two) = (mean(one), mean(two));
    let (mut both, mut square_one, mut square_two) = (0.0, 0.0, 0.0);
    for (a, b) in one.iter().zip(two) {
        let (a, b) = (a - mean_one, b - mean_two);
        both += a * b;
        square_one += a * a;
        square_two += b * b;
    }
    let flat = FLAT * one.len() as f64;
    if square_one < flat && square_two < flat {
        return 1.0;
    }
    both / (square_one * square_two).sqrt().max(1.0)
}

/// The way of holding `picture` that looks clearly more like `right` than the way it is; none
/// where it is held right, or where no way is better.
#[must_use]
pub fn better_turn(picture: &Raster, right: &Raster) -> Option<Turn> {
    let (columns, rows) = grid(
        picture.width.min(right.width),
        picture.height.min(right.height),
    );
    let side = columns.min(rows);
    let right = brightness(&right.cells(side, side));
    let own = brightness(&picture.cells(side, side));
    let own = likeness(&own, &right);
    // Turned on the grid: small, and square.
    let small = picture.cells(side, side);
    let mut small_picture = Raster::black(side, side);
    for (nth, colour) in small.iter().enumerate() {
        small_picture.set(nth % side, nth / side, colour.map(|v| v.round() as u8));
    }
    let turned = |turn: &Turn| {
        let turned = small_picture.turned(*turn).cells(side, side);
        likeness(&brightness(&turned), &right)
    };
    let best = Turn::all()
        .into_iter()
        .skip(1)
        .max_by(|a, b| turned(a).total_cmp(&turned(b)))?;
    (turned(&best) > own + CLEARLY_MORE && own < LEAST_LIKENESS).then_some(best)
}

/// Peak signal to noise ratio, dB; none where sizes differ.
#[must_use]
pub fn psnr(one: &Raster, two: &Raster) -> Option<f64> {
    if (one.width, one.height) != (two.width, two.height) {
        return None;
    }
    let square = |(&a, &b): (&u8, &u8)| f64::from(a.abs_diff(b)).powi(2);
    let sum: f64 = one.bytes().iter().zip(two.bytes()).map(square).sum();
    let mean = sum / one.bytes().len() as f64;
    Some(10.0 * (255.0 * 255.0 / mean.max(1e-6)).log10())
}
