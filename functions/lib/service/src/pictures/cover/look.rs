//! How good a cover a picture makes, from its luma alone.
//!
//! What people pass over is dark, washed out, blurred or empty; all of that shows in how levels are
//! distributed and in how they change from one pixel to the next.

use artifacts::manifest::CoverFlaw;
use plan::Size;

/// A level below this is black, as in ffmpeg's `blackframe`.
const BLACK_BELOW: usize = 32;
/// A picture with no more than this part of levels above that is black: specks of noise, a logo.
const SPECKS: f64 = 0.02;
/// Rows and columns of bars have no level above this.
const BAR_LEVEL: u8 = 40;
/// Levels of a picture that is no more than one colour and noise are within so many.
const PLAIN_CONTRAST: f64 = 20.0;

/// What was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    /// From 0 to 100.
    pub(super) score: u8,
    pub(super) flaw: Option<CoverFlaw>,
}

impl Look {
    /// Looks at `luma`, rows of `size`.
    pub(super) fn at(luma: &[u8], size: Size) -> Self {
        let width = (size.width as usize).max(1);
        let rows: Vec<&[u8]> = luma.chunks_exact(width).collect();
        if Levels::of(&rows).share_from(BLACK_BELOW) <= SPECKS {
            return Self {
                score: 0,
                flaw: Some(CoverFlaw::Black),
            };
        }
        let inside = without_bars(&rows);
        let levels = Levels::of(&inside);
        let is_plain = levels.contrast() < PLAIN_CONTRAST;
        Self {
            score: score(&levels, &Texture::of(&inside)),
            flaw: is_plain.then_some(CoverFlaw::Plain),
        }
    }
}

fn score(levels: &Levels, texture: &Texture) -> u8 {
    let contrast = (levels.contrast() / 170.0).min(1.0);
    let detail = (texture.step / 10.0).min(1.0);
    let variety = (levels.entropy() / 7.0).min(1.0);
    let sum = 0.35 * contrast + 0.25 * levels.exposure() + 0.25 * detail + 0.15 * variety;
    (100.0 * sum * texture.sharpness() * texture.calmness()).round() as u8
}

/// What is inside of the black bars of another shape: they are no part of the picture.
fn without_bars<'a>(rows: &[&'a [u8]]) -> Vec<&'a [u8]> {
    let is_bright = |level: &u8| *level > BAR_LEVEL;
    let holds = |row: &&[u8]| row.iter().any(is_bright);
    let top = rows.iter().position(holds).unwrap_or(0);
    let bottom = rows.iter().rposition(holds).map_or(0, |last| last + 1);
    let inside = rows.get(top..bottom).unwrap_or_default();
    let lefts = inside
        .iter()
        .filter_map(|row| row.iter().position(is_bright));
    let rights = inside
        .iter()
        .filter_map(|row| row.iter().rposition(is_bright));
    let (left, right) = (
        lefts.min().unwrap_or(0),
        rights.max().map_or(0, |last| last + 1),
    );
    inside
        .iter()
        .filter_map(|row| row.get(left..right))
        .collect()
}

/// How many pixels have each level.
struct Levels {
    counts: [u32; 256],
    all: u32,
}

impl Levels {
    fn of(rows: &[&[u8]]) -> Self {
        let mut counts = [0; 256];
        for &level in rows.iter().copied().flatten() {
            counts[usize::from(level)] += 1;
        }
        let all = counts.iter().sum::<u32>().max(1);
        Self { counts, all }
    }

    fn share_from(&self, level: usize) -> f64 {
        f64::from(self.counts[level..].iter().sum::<u32>()) / f64::from(self.all)
    }

    /// The level that a part of the pixels does not exceed.
    fn percentile(&self, percent: u32) -> f64 {
        let mut below = 0;
        let reaches = |&count: &u32| {
            below += count;
            u64::from(below) * 100 >= u64::from(self.all) * u64::from(percent)
        };
        self.counts.iter().position(reaches).unwrap_or(255) as f64
    }

    /// Without the two ends: a highlight, or a speck, is no contrast.
    fn contrast(&self) -> f64 {
        self.percentile(98) - self.percentile(2)
    }

    /// From 0, black or white, to 1.
    fn exposure(&self) -> f64 {
        let sum: f64 = (0_u32..)
            .zip(self.counts)
            .map(|(level, count)| f64::from(level) * f64::from(count))
            .sum();
        let mean = sum / f64::from(self.all);
        (mean / 70.0).min((255.0 - mean) / 55.0).clamp(0.0, 1.0)
    }

    /// Bits.
    fn entropy(&self) -> f64 {
        let shares = self.counts.iter().filter(|count| **count > 0);
        let shares = shares.map(|&count| f64::from(count) / f64::from(self.all));
        -shares.map(|share| share * share.log2()).sum::<f64>()
    }
}

/// How levels change along rows and columns.
struct Texture {
    /// From one pixel to the next, on average.
    step: f64,
    /// To the fourth pixel from there.
    stride: f64,
    /// How much one step differs from the next.
    bend: f64,
}

impl Texture {
    fn of(rows: &[&[u8]]) -> Self {
        let (mut step, mut stride, mut bend) = (Mean::default(), Mean::default(), Mean::default());
        let mut add = |line: &[u8]| {
            let level = |&level: &u8| f64::from(level);
            for (index, here) in line.iter().map(level).enumerate() {
                let at = |far: usize| line.get(index + far).map(level);
                let Some(next) = at(1) else {
                    continue;
                };
                step.add(next - here);
                if let Some(after) = at(2) {
                    bend.add(after - 2.0 * next + here);
                }
                if let Some(far) = at(4) {
                    stride.add(far - here);
                }
            }
        };
        for row in rows {
            add(row);
        }
        let width = rows.first().map_or(0, |row| row.len());
        for column in 0..width {
            let line: Vec<u8> = rows
                .iter()
                .filter_map(|row| row.get(column).copied())
                .collect();
            add(&line);
        }
        Self {
            step: step.value(),
            stride: stride.value(),
            bend: bend.value(),
        }
    }

    /// Along a blurred edge steps are alike, along a sharp one there is one.
    fn sharpness(&self) -> f64 {
        match self.step > 0.0 {
            true => ((self.bend / self.step - 0.1) / 0.5).clamp(0.2, 1.0),
            false => 1.0,
        }
    }

    /// In noise pixels far from each other differ no more than neighbours do.
    fn calmness(&self) -> f64 {
        match self.stride > 0.0 && self.step > 0.85 * self.stride {
            true => 0.4,
            false => 1.0,
        }
    }
}

/// Of absolute values.
#[derive(Default)]
struct Mean {
    sum: f64,
    count: f64,
}

impl Mean {
    fn add(&mut self, value: f64) {
        self.sum += value.abs();
        self.count += 1.0;
    }

    fn value(&self) -> f64 {
        self.sum / self.count.max(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size {
        width: 160,
        height: 90,
    };

    fn picture(level: impl Fn(f64, f64) -> f64) -> Vec<u8> {
        let rows = 0..SIZE.height;
        let pixels = rows.flat_map(|y| (0..SIZE.width).map(move |x| (f64::from(x), f64::from(y))));
        pixels.map(|(x, y)| level(x, y).round() as u8).collect()
    }

    fn look(level: impl Fn(f64, f64) -> f64) -> Look {
        Look::at(&picture(level), SIZE)
    }

    /// Tiles of many levels, as sharp as `edge` px.
    fn scene(edge: f64) -> impl Fn(f64, f64) -> f64 {
        move |x: f64, y: f64| {
            let wave = |at: f64| ((at / 7.0).sin() / edge * 7.0).tanh();
            128.0 + 55.0 * wave(x) + 45.0 * wave(y * 1.3) + 20.0 * (x / 160.0)
        }
    }

    /// The same every time.
    fn noise(x: f64, y: f64) -> f64 {
        let mixed = (x as u32).wrapping_mul(0x9E37_79B9) ^ (y as u32).wrapping_mul(0x85EB_CA6B);
        f64::from((mixed ^ (mixed >> 15)).wrapping_mul(0xC2B2_AE35) >> 24)
    }

    #[test]
    fn black_is_black_with_noise_bars_and_a_logo() {
        let black = Some(CoverFlaw::Black);
        assert_eq!(look(|_, _| 0.0).flaw, black);
        assert_eq!(look(|x, y| noise(x, y) / 12.0).flaw, black);
        let logo = |x: f64, y: f64| if x < 15.0 && y < 10.0 { 200.0 } else { 4.0 };
        assert_eq!(look(logo).flaw, black);
    }

    #[test]
    fn one_colour_is_plain_with_noise_as_well() {
        let plain = Some(CoverFlaw::Plain);
        for level in [60.0, 128.0, 255.0] {
            assert_eq!(look(|_, _| level).flaw, plain, "{level}");
            let noisy = look(|x, y| f64::min(level - 9.0 + noise(x, y) / 15.0, 255.0));
            assert_eq!(noisy.flaw, plain, "{level} with noise");
        }
    }

    #[test]
    fn a_dark_scene_and_a_portrait_between_bars_are_no_black_ones() {
        let dark = look(|x, y| scene(1.0)(x, y) / 4.0);
        assert_eq!(dark.flaw, None);
        let portrait = |x: f64, y: f64| match (55.0..105.0).contains(&x) {
            true => scene(1.0)(x, y),
            false => 0.0,
        };
        let (bars, whole) = (look(portrait), look(scene(1.0)));
        assert_eq!(bars.flaw, None);
        assert!(bars.score.abs_diff(whole.score) <= 8, "{bars:?} {whole:?}");
        assert!(dark.score < whole.score);
    }

    #[test]
    fn a_sharp_picture_goes_before_its_blurred_faded_washed_out_and_noisy_twins() {
        let sharp = look(scene(1.0)).score;
        let blurred = look(|x, y| 128.0 + 60.0 * (x / 40.0).sin() + 40.0 * (y / 30.0).sin());
        let faded = look(|x, y| scene(1.0)(x, y) * 0.3);
        let washed_out = look(|x, y| 215.0 + (scene(1.0)(x, y) - 128.0) * 0.2);
        for (worse, what) in [
            (blurred, "blurred"),
            (faded, "faded"),
            (washed_out, "washed out"),
            (look(noise), "noise"),
        ] {
            assert!(
                worse.score + 10 < sharp,
                "{what}: {worse:?} against {sharp}"
            );
        }
    }

    #[test]
    fn a_picture_of_one_pixel_is_looked_at_too() {
        let size = Size {
            width: 1,
            height: 1,
        };
        assert_eq!(Look::at(&[0], size).flaw, Some(CoverFlaw::Black));
        assert_eq!(Look::at(&[99], size).flaw, Some(CoverFlaw::Plain));
    }
}
