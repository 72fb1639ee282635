//! How far pixels are from each other.

/// Pixels that are the same have no noise; more than this is not seen.
const MOST_DB: f64 = 99.0;

/// Peak signal-to-noise ratio of 8-bit samples, dB.
pub(super) fn psnr_db(left: &[u8], right: &[u8]) -> f64 {
    assert_eq!(left.len(), right.len());
    let squares = left.iter().zip(right).map(|(&a, &b)| {
        let difference = f64::from(a.abs_diff(b));
        difference * difference
    });
    let mean = squares.sum::<f64>() / left.len().max(1) as f64;
    (10.0 * (255.0 * 255.0 / mean).log10()).min(MOST_DB)
}

/// What is left where both noises are in one picture, dB.
pub(super) fn together_db(one: f64, other: f64) -> f64 {
    let power = |db: f64| 10.0_f64.powf(-db / 10.0);
    -10.0 * (power(one) + power(other)).log10()
}
