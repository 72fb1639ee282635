//! The tone curve: how much light of a bright original a standard screen shows.

use crate::transfer::{HLG_PEAK_NITS, pq_nits, pq_signal};

/// Reference white (ITU-R BT.2408, 2.2): what a standard screen's white stands for, cd/m2.
pub(crate) const WHITE_NITS: f64 = 203.0;

/// The brightest light that is kept apart from white, cd/m2: what most originals are mastered to,
/// and HLG's nominal peak.
const PEAK_NITS: f64 = HLG_PEAK_NITS;

/// What is shown of `nits`, cd/m2: the EETF of ITU-R BT.2390, 5.4.1, from [`PEAK_NITS`] to
/// [`WHITE_NITS`], both with a black of 0. Up to 91 cd/m2 nothing changes; reference white comes
/// out as 160 of 203 (sRGB 229 of 255), so that highlights keep their place above it.
pub(crate) fn shown_nits(nits: f64) -> f64 {
    let peak = pq_signal(PEAK_NITS);
    let white = pq_signal(WHITE_NITS) / peak;
    let knee = 1.5 * white - 0.5;
    let signal = (pq_signal(nits) / peak).min(1.0);
    if signal < knee {
        return nits;
    }
    let t = (signal - knee) / (1.0 - knee);
    let (t2, t3) = (t * t, t * t * t);
    let bent = (2.0 * t3 - 3.0 * t2 + 1.0) * knee
        + (t3 - 2.0 * t2 + t) * (1.0 - knee)
        + (-2.0 * t3 + 3.0 * t2) * white;
    pq_nits(bent * peak)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_rises_from_the_original_to_white_and_no_further() {
        assert!((shown_nits(50.0) - 50.0).abs() < f64::EPSILON);
        assert!((shown_nits(PEAK_NITS) - WHITE_NITS).abs() < 1e-6);
        assert!((shown_nits(4000.0) - WHITE_NITS).abs() < 1e-6);
        let levels: Vec<f64> = (0..2000).map(|nits| shown_nits(f64::from(nits))).collect();
        assert!(levels.windows(2).all(|pair| pair[0] <= pair[1] + 1e-9));
        let white = shown_nits(WHITE_NITS);
        assert!((155.0..165.0).contains(&white), "{white}");
    }
}
