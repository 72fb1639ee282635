//! Light by the formulas of the standards, in `f64`, apart from the product's own tables.

use crate::colour_patches::Rgb;

/// IEC 61966-2-1.
pub(crate) fn srgb_light(signal: f64) -> f64 {
    if signal <= 0.040_45 {
        signal / 12.92
    } else {
        ((signal + 0.055) / 1.055).powf(2.4)
    }
}

/// IEC 61966-2-1, of light cut to black and white.
pub(crate) fn srgb_signal(light: f64) -> f64 {
    let light = light.clamp(0.0, 1.0);
    if light <= 0.003_130_8 {
        12.92 * light
    } else {
        1.055 * light.powf(1.0 / 2.4) - 0.055
    }
}

/// Chromaticities of red, green and blue.
const BT709: [[f64; 2]; 3] = [[0.640, 0.330], [0.300, 0.600], [0.150, 0.060]];
pub(crate) const BT2020: [[f64; 2]; 3] = [[0.708, 0.292], [0.170, 0.797], [0.131, 0.046]];
const D65: [f64; 2] = [0.3127, 0.3290];

pub(crate) type Matrix = [[f64; 3]; 3];

fn xyz([x, y]: [f64; 2]) -> [f64; 3] {
    [x / y, 1.0, (1.0 - x - y) / y]
}

pub(crate) fn apply(matrix: &Matrix, v: [f64; 3]) -> [f64; 3] {
    [0, 1, 2].map(|row: usize| (0..3).map(|c| matrix[row][c] * v[c]).sum())
}

pub(crate) fn inverse(m: &Matrix) -> Matrix {
    let cofactor = |r: usize, c: usize| {
        let (r1, r2, c1, c2) = ((r + 1) % 3, (r + 2) % 3, (c + 1) % 3, (c + 2) % 3);
        m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1]
    };
    let determinant: f64 = (0..3).map(|c| m[0][c] * cofactor(0, c)).sum();
    [0, 1, 2].map(|r: usize| [0, 1, 2].map(|c: usize| cofactor(c, r) / determinant))
}

/// SMPTE RP 177: from linear red, green and blue to CIE XYZ.
pub(crate) fn to_xyz(primaries: &[[f64; 2]; 3]) -> Matrix {
    let columns = primaries.map(xyz);
    let plain = [0, 1, 2].map(|row: usize| [0, 1, 2].map(|c: usize| columns[c][row]));
    let part = apply(&inverse(&plain), xyz(D65));
    [0, 1, 2].map(|row: usize| [0, 1, 2].map(|c: usize| plain[row][c] * part[c]))
}

/// Linear light of BT.2020's primaries as that of BT.709's.
pub(crate) fn bt2020_to_bt709() -> impl Fn(Rgb) -> Rgb {
    let (from, to) = (to_xyz(&BT2020), inverse(&to_xyz(&BT709)));
    move |rgb| apply(&to, apply(&from, rgb))
}

/// Linear light of BT.709's primaries as that of BT.2020's.
pub(crate) fn bt709_to_bt2020() -> impl Fn(Rgb) -> Rgb {
    let (from, to) = (to_xyz(&BT709), inverse(&to_xyz(&BT2020)));
    move |rgb| apply(&to, apply(&from, rgb))
}

/// SMPTE ST 2084, 5.1, cd/m2.
pub(crate) fn pq_nits(signal: f64) -> f64 {
    let root = signal.powf(32.0 / 2523.0);
    let light = (root - 0.835_937_5).max(0.0) / (18.851_562_5 - 18.687_5 * root);
    10_000.0 * light.powf(8192.0 / 1305.0)
}

/// SMPTE ST 2084, 5.2.
pub(crate) fn pq_signal(nits: f64) -> f64 {
    let power = (nits / 10_000.0).powf(1305.0 / 8192.0);
    ((0.835_937_5 + 18.851_562_5 * power) / (1.0 + 18.687_5 * power)).powf(2523.0 / 32.0)
}

const A: f64 = 0.178_832_77;
const B: f64 = 0.284_668_92;
const C: f64 = 0.559_910_73;

/// ITU-R BT.2100, table 5: HLG signals as cd/m2 on a screen of 1000.
pub(crate) fn hlg_nits(signals: Rgb) -> Rgb {
    let scene = signals.map(|v| {
        if v <= 0.5 {
            v * v / 3.0
        } else {
            (((v - C) / A).exp() + B) / 12.0
        }
    });
    let luminance = 0.2627 * scene[0] + 0.6780 * scene[1] + 0.0593 * scene[2];
    scene.map(|v| 1000.0 * luminance.powf(1.2 - 1.0) * v)
}

/// ITU-R BT.2100, table 5: cd/m2 on a screen of 1000 as HLG signals.
pub(crate) fn hlg_signals(nits: Rgb) -> Rgb {
    let luminance = (0.2627 * nits[0] + 0.6780 * nits[1] + 0.0593 * nits[2]) / 1000.0;
    if luminance <= 0.0 {
        return [0.0; 3];
    }
    let scene = nits.map(|v| v / 1000.0 * luminance.powf((1.0 - 1.2) / 1.2));
    scene.map(|v| {
        if v <= 1.0 / 12.0 {
            (3.0 * v).sqrt()
        } else {
            A * (12.0 * v - B).ln() + C
        }
    })
}

/// ITU-R BT.2390, 5.4.1: 1000 cd/m2 shown on a screen of 203, both with a black of 0.
fn eetf(nits: f64) -> f64 {
    let (peak, white) = (pq_signal(1000.0), pq_signal(203.0));
    let (e1, max) = ((pq_signal(nits) / peak).min(1.0), white / peak);
    let knee = 1.5 * max - 0.5;
    if e1 < knee {
        return nits;
    }
    let t = (e1 - knee) / (1.0 - knee);
    let e2 = (2.0 * t.powi(3) - 3.0 * t.powi(2) + 1.0) * knee
        + (t.powi(3) - 2.0 * t.powi(2) + t) * (1.0 - knee)
        + (-2.0 * t.powi(3) + 3.0 * t.powi(2)) * max;
    pq_nits(e2 * peak)
}

/// What a picture is to hold, from 0 to 255, for light of BT.2020's primaries, cd/m2.
pub(crate) fn shown(nits: Rgb) -> [f64; 3] {
    let light = bt2020_to_bt709()(nits);
    let strongest = light.into_iter().fold(0.0, f64::max);
    let part = if strongest > 0.0 {
        eetf(strongest) / strongest
    } else {
        1.0
    };
    light.map(|v| 255.0 * srgb_signal(v * part / 203.0))
}
