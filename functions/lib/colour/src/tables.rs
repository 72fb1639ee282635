//! The formulas as tables: a picture has a million pixels.

use crate::tone::{WHITE_NITS, shown_nits};
use crate::transfer::{
    TransferFunction, hlg_nits_per_scene, hlg_scene, pq_nits, srgb_light, srgb_signal,
};
use std::sync::OnceLock;

/// Finer than any source tells apart where it shows.
const SIGNALS: usize = 1 << 12;
/// Fine enough for the darkest step of 8-bit sRGB.
const LIGHTS: usize = 1 << 14;

/// A function of light, by the light's floating point bits: as fine everywhere as the eye.
#[derive(Debug)]
pub(crate) struct ByLight {
    values: Vec<f32>,
    first: u32,
}

/// The bits of a float that are not looked at: 512 steps for each doubling.
const FINE_BITS: u32 = 14;

impl ByLight {
    /// `of` from 2^`low` up to 2^`high`; beyond them its value there.
    fn new(low: i32, high: i32, of: impl Fn(f64) -> f64) -> Self {
        let first = 2f32.powi(low).to_bits() >> FINE_BITS;
        let last = 2f32.powi(high).to_bits() >> FINE_BITS;
        let middle = |step: u32| f32::from_bits((step << FINE_BITS) | (1 << (FINE_BITS - 1)));
        let values = (first..last).map(|step| of(f64::from(middle(step))) as f32);
        Self {
            values: values.collect(),
            first,
        }
    }

    /// `light` is not negative.
    #[inline]
    pub(crate) fn at(&self, light: f32) -> f32 {
        let step = (light.to_bits() >> FINE_BITS).saturating_sub(self.first) as usize;
        self.values[step.min(self.values.len() - 1)]
    }
}

/// What developing a picture looks up.
#[derive(Debug)]
pub(crate) struct LightTables {
    /// Light for each signal. White is 1; for HLG it is the scene's, whose peak is 1.
    light: Vec<f32>,
    /// HLG: screen light for light of the scene, by the luminance of the scene.
    pub(crate) system: Option<ByLight>,
    /// What part of the light is shown, by the strongest component.
    pub(crate) tone: Option<ByLight>,
    /// sRGB for light up to white.
    encoded: Vec<u8>,
}

impl LightTables {
    pub(crate) fn of(transfer: TransferFunction) -> &'static Self {
        static MADE: [OnceLock<LightTables>; 3] = [const { OnceLock::new() }; 3];
        MADE[transfer as usize].get_or_init(|| Self::new(transfer))
    }

    fn new(transfer: TransferFunction) -> Self {
        let light = |signal: f64| match transfer {
            TransferFunction::Standard => srgb_light(signal),
            TransferFunction::Pq => pq_nits(signal) / WHITE_NITS,
            TransferFunction::Hlg => hlg_scene(signal),
        };
        let part = |light: f64| shown_nits(light * WHITE_NITS) / (light * WHITE_NITS);
        let system = |luminance: f64| hlg_nits_per_scene(luminance) / WHITE_NITS;
        Self {
            light: sampled(SIGNALS, light).map(|light| light as f32).collect(),
            system: (transfer == TransferFunction::Hlg).then(|| ByLight::new(-20, 1, system)),
            tone: (transfer != TransferFunction::Standard).then(|| ByLight::new(-2, 8, part)),
            encoded: sampled(LIGHTS, srgb_signal)
                .map(|signal| (signal * 255.0).round() as u8)
                .collect(),
        }
    }

    /// The light of a signal, which is cut to 0 and 1.
    #[inline]
    pub(crate) fn light(&self, signal: f32) -> f32 {
        // The cast takes what is negative for 0.
        let step = (signal * (SIGNALS - 1) as f32 + 0.5) as usize;
        self.light[step.min(SIGNALS - 1)]
    }

    /// The sRGB of light, which is cut to black and white.
    #[inline]
    pub(crate) fn encode(&self, light: f32) -> u8 {
        let step = (light * (LIGHTS - 1) as f32 + 0.5) as usize;
        self.encoded[step.min(LIGHTS - 1)]
    }
}

fn sampled(steps: usize, of: impl Fn(f64) -> f64) -> impl Iterator<Item = f64> {
    (0..steps).map(move |step| of(step as f64 / (steps - 1) as f64))
}
