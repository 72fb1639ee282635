//! From raw numbers to sRGB.
//!
//! Each pixel: numbers to signals of red, green and blue (matrix and range), to light (PQ: ITU-R
//! BT.2100, table 4; HLG: table 5 with the system gamma of a 1000 cd/m2 screen), to BT.709's
//! primaries, through the tone curve, to sRGB. The curve is applied to the strongest of the three
//! components and all three are scaled alike, so that bright colours keep their hue and none is
//! cut off at white. What is left outside of BT.709's gamut, components below 0, is cut to 0.

use crate::conversion::FrameConversion;
use crate::gamut::ColourPrimaries;
use crate::matrix::ColourMatrix;
use crate::tables::LightTables;
use crate::transfer::TransferFunction;

/// All that a pixel needs, worked out once.
#[derive(Debug)]
pub(crate) struct LightConverter {
    storage: DeepPlanes,
    gamut: [[f32; 3]; 3],
    luminance: [f32; 3],
    tables: &'static LightTables,
}

/// What the three planes hold.
#[derive(Debug)]
enum DeepPlanes {
    /// Green, blue, red: what each is multiplied by to be from 0 to 1.
    Rgb(f32),
    Yuv(YuvScale),
}

/// Factors and offsets for 16-bit numbers (ITU-T H.273, 8.3).
#[derive(Debug)]
struct YuvScale {
    luma: f32,
    black: f32,
    neutral: f32,
    red_of_v: f32,
    green_of_u: f32,
    green_of_v: f32,
    blue_of_u: f32,
}

impl LightConverter {
    pub(crate) fn new(
        frames: &FrameConversion<'_>,
        matrix: ColourMatrix,
        transfer: TransferFunction,
        primaries: ColourPrimaries,
    ) -> Self {
        let bits = frames.storage.bits;
        let storage = if frames.storage.rgb {
            DeepPlanes::Rgb((1.0 / full_scale(bits)) as f32)
        } else {
            DeepPlanes::Yuv(YuvScale::new(matrix, frames.is_full_range(), bits))
        };
        Self {
            storage,
            gamut: primaries.to_bt709(),
            luminance: primaries.luminance(),
            tables: LightTables::of(transfer),
        }
    }

    /// `raw` is three planes of 16-bit little-endian numbers of equal length.
    pub(crate) fn develop(&self, raw: &[u8]) -> Vec<u8> {
        let plane = raw.len() / 3;
        let mut rgb = vec![0; plane / 2 * 3];
        let (first, rest) = raw.split_at(plane);
        let (second, third) = rest.split_at(plane);
        let numbers = words(first).zip(words(second)).zip(words(third));
        for (pixel, ((a, b), c)) in rgb.chunks_exact_mut(3).zip(numbers) {
            let signals = match &self.storage {
                DeepPlanes::Rgb(unit) => [c * unit, a * unit, b * unit],
                DeepPlanes::Yuv(yuv) => yuv.signals(a, b, c),
            };
            pixel.copy_from_slice(&self.pixel(signals));
        }
        rgb
    }

    #[inline]
    fn pixel(&self, signals: [f32; 3]) -> [u8; 3] {
        let tables = self.tables;
        let mut light = signals.map(|signal| tables.light(signal));
        if let Some(system) = &tables.system {
            let gain = system.at(dot(&self.luminance, &light));
            light = light.map(|light| light * gain);
        }
        let mut light = [0, 1, 2].map(|row: usize| dot(&self.gamut[row], &light));
        if let Some(tone) = &tables.tone {
            let part = tone.at(light[0].max(light[1]).max(light[2]).max(0.0));
            light = light.map(|light| light * part);
        }
        light.map(|light| tables.encode(light))
    }
}

impl YuvScale {
    fn new(matrix: ColourMatrix, full_range: bool, bits: u8) -> Self {
        let (red, blue) = matrix.red_and_blue();
        let green = 1.0 - red - blue;
        let step = f64::from(1u32 << 8);
        let (luma, chroma, black) = if full_range {
            (full_scale(bits), full_scale(bits), 0.0)
        } else {
            (219.0 * step, 224.0 * step, 16.0 * step)
        };
        let (of_v, of_u) = (2.0 * (1.0 - red) / chroma, 2.0 * (1.0 - blue) / chroma);
        Self {
            luma: (1.0 / luma) as f32,
            black: black as f32,
            neutral: (128.0 * step) as f32,
            red_of_v: of_v as f32,
            green_of_u: (-of_u * blue / green) as f32,
            green_of_v: (-of_v * red / green) as f32,
            blue_of_u: of_u as f32,
        }
    }

    #[inline]
    fn signals(&self, y: f32, u: f32, v: f32) -> [f32; 3] {
        let (y, u, v) = (
            (y - self.black) * self.luma,
            u - self.neutral,
            v - self.neutral,
        );
        [
            y + v * self.red_of_v,
            y + u * self.green_of_u + v * self.green_of_v,
            y + u * self.blue_of_u,
        ]
    }
}

/// The largest number of so many bits once it is shifted up to 16, as the scaler does.
pub(crate) fn full_scale(bits: u8) -> f64 {
    let bits = u32::from(bits.clamp(8, 16));
    f64::from(((1u32 << bits) - 1) << (16 - bits))
}

fn dot(row: &[f32; 3], light: &[f32; 3]) -> f32 {
    row[0] * light[0] + row[1] * light[1] + row[2] * light[2]
}

fn words(plane: &[u8]) -> impl Iterator<Item = f32> {
    plane
        .chunks_exact(2)
        .map(|pair| f32::from(u16::from_le_bytes([pair[0], pair[1]])))
}
