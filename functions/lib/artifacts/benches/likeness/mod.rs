//! How much a picture looks like another one.

use image::RgbImage;

fn luma(rgb: &[u8]) -> Vec<f64> {
    let weigh =
        |p: &[u8]| 0.299 * f64::from(p[0]) + 0.587 * f64::from(p[1]) + 0.114 * f64::from(p[2]);
    rgb.chunks_exact(3).map(weigh).collect()
}

/// Structural similarity of luma in windows of 8 by 8 px, a step of 4 apart (Wang et al., 2004).
pub(crate) fn ssim(one: &[u8], two: &RgbImage) -> f64 {
    let (width, height) = (two.width() as usize, two.height() as usize);
    let (one, two) = (luma(one), luma(two));
    let (mut sum, mut count) = (0.0, 0.0);
    for top in (0..=height - 8).step_by(4) {
        for left in (0..=width - 8).step_by(4) {
            let places = (0..64).map(|at| (top + at / 8) * width + left + at % 8);
            sum += similarity(places.map(|at| (one[at], two[at])));
            count += 1.0;
        }
    }
    sum / count
}

fn similarity(pairs: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (mut a, mut b, mut aa, mut bb, mut ab, mut n) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for (x, y) in pairs {
        (a, b, n) = (a + x, b + y, n + 1.0);
        (aa, bb, ab) = (aa + x * x, bb + y * y, ab + x * y);
    }
    let (a, b) = (a / n, b / n);
    let (va, vb, cov) = (aa / n - a * a, bb / n - b * b, ab / n - a * b);
    let (c1, c2) = (6.5025, 58.5225);
    (2.0 * a * b + c1) * (2.0 * cov + c2) / ((a * a + b * b + c1) * (va + vb + c2))
}
