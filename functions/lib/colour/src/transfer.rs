//! Transfer functions: what light the numbers mean. All formulas in `f64`, from 0 to 1.

use crate::frame_colour::FrameColour;

/// ITU-T H.273, table 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TransferFunction {
    /// Standard dynamic range: shown as it is on an sRGB screen. So are linear light, logarithms
    /// and the cinema's SMPTE ST 428-1 (8, 9, 10, 17): no camera or encoder writes video of them,
    /// and what carries their numbers is ordinary video tagged wrongly, which players show as it
    /// is.
    Standard,
    /// Perceptual quantiser, SMPTE ST 2084: absolute light.
    Pq,
    /// Hybrid log-gamma, ITU-R BT.2100: light of the scene.
    Hlg,
}

impl TransferFunction {
    pub(crate) fn of(colour: &FrameColour) -> Self {
        match (colour.transfer, colour.matrix) {
            (16, _) => Self::Pq,
            (18, _) => Self::Hlg,
            // These matrices are made for PQ.
            (0 | 2 | 3, 11 | 14 | 15) => Self::Pq,
            _ => Self::Standard,
        }
    }
}

/// What PQ's 1 stands for, cd/m2.
pub(crate) const PQ_PEAK_NITS: f64 = 10_000.0;

const M1: f64 = 2610.0 / 16384.0;
const M2: f64 = 2523.0 / 4096.0 * 128.0;
const C1: f64 = 3424.0 / 4096.0;
const C2: f64 = 2413.0 / 4096.0 * 32.0;
const C3: f64 = 2392.0 / 4096.0 * 32.0;

/// SMPTE ST 2084, 5.1: light in cd/m2.
pub(crate) fn pq_nits(signal: f64) -> f64 {
    let root = signal.max(0.0).powf(1.0 / M2);
    PQ_PEAK_NITS * ((root - C1).max(0.0) / (C2 - C3 * root)).powf(1.0 / M1)
}

/// SMPTE ST 2084, 5.2: the signal for light in cd/m2.
pub(crate) fn pq_signal(nits: f64) -> f64 {
    let power = (nits.max(0.0) / PQ_PEAK_NITS).powf(M1);
    ((C1 + C2 * power) / (1.0 + C3 * power)).powf(M2)
}

/// What HLG's 1 stands for on the screen it is made for, cd/m2.
pub(crate) const HLG_PEAK_NITS: f64 = 1000.0;

const HLG_A: f64 = 0.178_832_77;
const HLG_B: f64 = 1.0 - 4.0 * HLG_A;

fn hlg_c() -> f64 {
    0.5 - HLG_A * (4.0 * HLG_A).ln()
}

/// ITU-R BT.2100, table 5: inverse opto-electronic transfer, light of the scene.
pub(crate) fn hlg_scene(signal: f64) -> f64 {
    if signal <= 0.5 {
        signal * signal / 3.0
    } else {
        (((signal - hlg_c()) / HLG_A).exp() + HLG_B) / 12.0
    }
}

/// ITU-R BT.2100, table 5: opto-electronic transfer, from light of the scene.
pub(crate) fn hlg_signal(scene: f64) -> f64 {
    if scene <= 1.0 / 12.0 {
        (3.0 * scene).sqrt()
    } else {
        HLG_A * (12.0 * scene - HLG_B).ln() + hlg_c()
    }
}

/// ITU-R BT.2100, table 5: what a scene whose luminance is this is multiplied by, cd/m2. The
/// system gamma is 1.2 on a screen of [`HLG_PEAK_NITS`].
pub(crate) fn hlg_nits_per_scene(luminance: f64) -> f64 {
    HLG_PEAK_NITS * luminance.max(0.0).powf(0.2)
}

/// IEC 61966-2-1: light of an sRGB screen.
pub(crate) fn srgb_light(signal: f64) -> f64 {
    if signal <= 0.040_45 {
        signal / 12.92
    } else {
        ((signal + 0.055) / 1.055).powf(2.4)
    }
}

/// IEC 61966-2-1: the signal for light of an sRGB screen.
pub(crate) fn srgb_signal(light: f64) -> f64 {
    if light <= 0.003_130_8 {
        light * 12.92
    } else {
        1.055 * light.powf(1.0 / 2.4) - 0.055
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, by: f64) {
        assert!((a - b).abs() <= by, "{a} is not {b}");
    }

    /// ITU-R BT.2408, table 1.
    #[test]
    fn reference_white_is_58_percent_of_pq_and_75_percent_of_hlg() {
        near(pq_signal(203.0), 0.58, 0.005);
        let scene = hlg_scene(0.75);
        near(scene * hlg_nits_per_scene(scene), 203.0, 1.0);
    }

    #[test]
    fn peaks_are_peaks_and_inverses_are_inverses() {
        near(pq_nits(1.0), PQ_PEAK_NITS, 1e-6);
        near(
            hlg_scene(1.0) * hlg_nits_per_scene(1.0),
            HLG_PEAK_NITS,
            1e-3,
        );
        for signal in [0.0, 0.01, 0.2, 0.5, 0.9, 1.0] {
            near(pq_signal(pq_nits(signal)), signal, 1e-6);
            near(hlg_signal(hlg_scene(signal)), signal, 1e-6);
            near(srgb_signal(srgb_light(signal)), signal, 1e-4);
        }
    }
}
