//! Luma made of light and not of signals: ITU-R BT.2020, table 4, constant luminance.

use crate::transfer::{hlg_scene, hlg_signal, pq_nits, pq_signal, srgb_light, srgb_signal};

/// The way from luma and colour differences to signals.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ConstantLuminance {
    red: f64,
    blue: f64,
    curve: CameraCurve,
    red_span: ColourSpan,
    blue_span: ColourSpan,
}

/// How far a colour's signal gets below luma and above.
#[derive(Debug, Clone, Copy)]
struct ColourSpan {
    below: f64,
    above: f64,
}

/// How a camera makes signals of light, both from 0 to 1.
#[derive(Debug, Clone, Copy)]
enum CameraCurve {
    /// And BT.601, BT.2020.
    Bt709,
    Srgb,
    Power(f64),
    Pq,
    Hlg,
}

impl ConstantLuminance {
    /// `red` and `blue` are parts of luminance, `transfer` a code point of ITU-T H.273, table 3.
    pub(crate) fn new((red, blue): (f64, f64), transfer: u16) -> Self {
        let curve = CameraCurve::of(transfer);
        Self {
            red,
            blue,
            curve,
            red_span: ColourSpan::new(red, curve),
            blue_span: ColourSpan::new(blue, curve),
        }
    }

    /// `luma` is from 0 to 1, differences are from -0.5 to 0.5.
    pub(crate) fn signals(&self, [luma, of_blue, of_red]: [f32; 3]) -> [f32; 3] {
        let luma = f64::from(luma);
        let red = luma + self.red_span.difference(f64::from(of_red));
        let blue = luma + self.blue_span.difference(f64::from(of_blue));
        let light = |signal| self.curve.light(signal);
        let green = light(luma) - self.red * light(red) - self.blue * light(blue);
        let green = self.curve.signal(green / (1.0 - self.red - self.blue));
        [red, green, blue].map(|signal| signal as f32)
    }
}

impl ColourSpan {
    /// The colour with nothing of the others is `part` of white's luminance.
    fn new(part: f64, curve: CameraCurve) -> Self {
        Self {
            below: curve.signal(1.0 - part),
            above: 1.0 - curve.signal(part),
        }
    }

    fn difference(self, coded: f64) -> f64 {
        let span = if coded <= 0.0 { self.below } else { self.above };
        2.0 * coded * span
    }
}

impl CameraCurve {
    fn of(transfer: u16) -> Self {
        match transfer {
            4 => Self::Power(2.2),
            5 => Self::Power(2.8),
            13 => Self::Srgb,
            16 => Self::Pq,
            18 => Self::Hlg,
            _ => Self::Bt709,
        }
    }

    fn signal(self, light: f64) -> f64 {
        let light = light.max(0.0);
        match self {
            Self::Bt709 => bt709_signal(light),
            Self::Srgb => srgb_signal(light),
            Self::Power(power) => light.powf(1.0 / power),
            Self::Pq => pq_signal(light * crate::transfer::PQ_PEAK_NITS),
            Self::Hlg => hlg_signal(light),
        }
    }

    fn light(self, signal: f64) -> f64 {
        let signal = signal.max(0.0);
        match self {
            Self::Bt709 => bt709_light(signal),
            Self::Srgb => srgb_light(signal),
            Self::Power(power) => signal.powf(power),
            Self::Pq => pq_nits(signal.min(1.0)) / crate::transfer::PQ_PEAK_NITS,
            Self::Hlg => hlg_scene(signal),
        }
    }
}

const ALPHA: f64 = 1.099_296_826_809_44;
const BETA: f64 = 0.018_053_968_510_807;

/// ITU-T H.273, table 3, code points 1, 6, 14 and 15.
fn bt709_signal(light: f64) -> f64 {
    if light < BETA {
        4.5 * light
    } else {
        ALPHA * light.powf(0.45) - (ALPHA - 1.0)
    }
}

fn bt709_light(signal: f64) -> f64 {
    if signal < 4.5 * BETA {
        signal / 4.5
    } else {
        ((signal + (ALPHA - 1.0)) / ALPHA).powf(1.0 / 0.45)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ITU-R BT.2020, table 4.
    #[test]
    fn spans_are_those_that_bt2020_states() {
        let bt2020 = ConstantLuminance::new((0.2627, 0.0593), 14);
        let stated = [
            (bt2020.blue_span, 0.9702, 0.7910),
            (bt2020.red_span, 0.8591, 0.4969),
        ];
        for (span, below, above) in stated {
            assert!((span.below - below).abs() < 2e-4, "{span:?}");
            assert!((span.above - above).abs() < 2e-4, "{span:?}");
        }
    }

    #[test]
    fn the_luminance_of_a_decoded_colour_is_that_of_its_luma() {
        for transfer in [1, 4, 5, 13, 16, 18] {
            let (red, blue) = (0.2627, 0.0593);
            let model = ConstantLuminance::new((red, blue), transfer);
            let coded = [0.5, -0.05, 0.04];
            let light = model
                .signals(coded)
                .map(|signal| model.curve.light(f64::from(signal)));
            let sum = red * light[0] + (1.0 - red - blue) * light[1] + blue * light[2];
            let luma = model.curve.light(f64::from(coded[0]));
            assert!((sum - luma).abs() < 1e-4, "{transfer}: {sum} is not {luma}");
        }
    }
}
