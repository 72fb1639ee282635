//! From raw numbers to sRGB.
//!
//! Each pixel: numbers to signals ([`SignalDecoder`]), to light (PQ: ITU-R BT.2100, table 4; HLG:
//! table 5 with the system gamma of a 1000 cd/m2 screen), to BT.709's primaries, through the tone
//! curve, to sRGB. The curve is applied to the strongest of the three components and all three are
//! scaled alike, so that bright colours keep their hue and none is cut off at white. What is left
//! outside of BT.709's gamut, components below 0, is cut to 0.

use crate::conversion::FrameConversion;
use crate::gamut::ColourPrimaries;
use crate::linear::{IDENTITY, apply, product, rounded};
use crate::model::ColourModel;
use crate::signals::{SignalDecoder, dot};
use crate::tables::LightTables;
use crate::transfer::TransferFunction;

/// All that a pixel needs, worked out once.
#[derive(Debug)]
pub(crate) struct LightConverter {
    decoder: SignalDecoder,
    /// None where signals are shown as they are.
    light: Option<LightPath>,
}

/// From signals to what is shown.
#[derive(Debug)]
struct LightPath {
    gamut: [[f32; 3]; 3],
    luminance: [f32; 3],
    tables: &'static LightTables,
}

impl LightConverter {
    pub(crate) fn new(
        frames: &FrameConversion<'_>,
        model: ColourModel,
        transfer: TransferFunction,
        primaries: ColourPrimaries,
    ) -> Self {
        Self {
            decoder: SignalDecoder::new(frames, model),
            light: LightPath::new(frames, model, transfer, primaries),
        }
    }

    /// `raw` is three planes of 16-bit little-endian numbers of equal length.
    pub(crate) fn develop(&self, raw: &[u8]) -> Vec<u8> {
        let plane = raw.len() / 3;
        let mut rgb = vec![0; plane / 2 * 3];
        let (first, rest) = raw.split_at(plane);
        let (second, third) = rest.split_at(plane);
        let numbers = words(first).zip(words(second)).zip(words(third));
        let pixels = rgb.as_chunks_mut::<3>().0.iter_mut();
        for (pixel, ((a, b), c)) in pixels.zip(numbers) {
            let signals = self.decoder.signals([a, b, c]);
            *pixel = match &self.light {
                Some(path) => path.shown(signals),
                // The cast saturates.
                None => signals.map(|signal| (signal * 255.0 + 0.5) as u8),
            };
        }
        rgb
    }
}

impl LightPath {
    fn new(
        frames: &FrameConversion<'_>,
        model: ColourModel,
        transfer: TransferFunction,
        primaries: ColourPrimaries,
    ) -> Option<Self> {
        let to_rgb = match model {
            ColourModel::Cones(cones) if !frames.storage.rgb => cones.to_rgb,
            _ if transfer == TransferFunction::Standard && primaries == ColourPrimaries::Bt709 => {
                return None;
            }
            _ => IDENTITY,
        };
        let columns = [0, 1, 2].map(|at: usize| to_rgb.map(|row| row[at]));
        Some(Self {
            gamut: rounded(&product(&primaries.to_bt709(), &to_rgb)),
            luminance: apply(&columns, primaries.luminance()).map(|part| part as f32),
            tables: LightTables::of(transfer),
        })
    }

    #[inline]
    fn shown(&self, signals: [f32; 3]) -> [u8; 3] {
        let tables = self.tables;
        let mut light = signals.map(|signal| tables.light(signal));
        if let Some(system) = &tables.system {
            // The cones of no real colour may have a luminance below 0.
            let gain = system.at(dot(&self.luminance, &light).max(0.0));
            light = light.map(|light| light * gain);
        }
        let mut light = self.gamut.map(|row| dot(&row, &light));
        if let Some(tone) = &tables.tone {
            let part = tone.at(light[0].max(light[1]).max(light[2]).max(0.0));
            light = light.map(|light| light * part);
        }
        light.map(|light| tables.encode(light))
    }
}

fn words(plane: &[u8]) -> impl Iterator<Item = f32> {
    let pairs = plane.as_chunks::<2>().0.iter();
    pairs.map(|&pair| f32::from(u16::from_le_bytes(pair)))
}
