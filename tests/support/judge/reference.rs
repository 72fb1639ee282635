//! A frame's colours as ITU-T H.273 says, in plain f64, and as the eye sees them: 8-bit RGB.

use super::frames::{ColourTags, Frame};
use super::raster::Raster;
use super::raw::{PlanarFormat, Planes};

/// How far a reference can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// Its colours.
    Colours,
    /// What is to be seen, not in which colours: high dynamic range is a matter of taste, and
    /// some matrices are not converted here.
    Structure,
}

/// The parts of red and blue in luma; none where the matrix is another kind of thing.
fn red_and_blue(tags: &ColourTags, width: usize, height: usize) -> Option<(f64, f64)> {
    let bt709 = (0.2126, 0.0722);
    let bt601 = (0.299, 0.114);
    let bt2020 = (0.2627, 0.0593);
    Some(match tags.space.as_str() {
        "bt709" => bt709,
        "smpte170m" | "bt470bg" => bt601,
        "bt2020nc" => bt2020,
        "fcc" => (0.30, 0.11),
        "smpte240m" => (0.212, 0.087),
        "unknown" | "unspecified" | "reserved" => match tags.primaries.as_str() {
            "bt2020" => bt2020,
            "bt709" | "smpte432" => bt709,
            "smpte170m" | "bt470bg" => bt601,
            _ if width.max(height) >= 1280 || width.min(height) >= 720 => bt709,
            _ => bt601,
        },
        _ => return None,
    })
}

/// Whether the colours of a frame can be told here.
#[must_use]
pub fn trust(frame: &Frame, format: &PlanarFormat) -> Trust {
    let tags = &frame.colour;
    let is_bright = matches!(tags.transfer.as_str(), "smpte2084" | "arib-std-b67");
    let is_wide = matches!(tags.primaries.as_str(), "bt2020" | "smpte432" | "smpte431");
    let is_known = match format.planes {
        Planes::Yuv => {
            tags.space == "ycgco" || red_and_blue(tags, frame.width, frame.height).is_some()
        }
        Planes::Grey | Planes::Gbr => true,
    };
    if is_bright || is_wide || tags.space == "bt2020nc" || !is_known || frame.interlaced {
        Trust::Structure
    } else {
        Trust::Colours
    }
}

/// From stored samples to 0 to 1, or -0.5 to 0.5.
struct Scale {
    luma_black: f64,
    luma_span: f64,
    chroma_middle: f64,
    chroma_span: f64,
}

impl Scale {
    fn of(frame: &Frame, format: &PlanarFormat) -> Self {
        let unit = f64::from(1_u32 << (format.bits - 8));
        let top = f64::from((1_u32 << format.bits) - 1);
        let is_full = format.planes == Planes::Gbr
            || frame.colour.range == "pc"
            || frame.format.starts_with("yuvj");
        let (luma_black, luma_span, chroma_span) = if is_full {
            (0.0, top, top)
        } else {
            (16.0 * unit, 219.0 * unit, 224.0 * unit)
        };
        Self {
            luma_black,
            luma_span,
            chroma_middle: 128.0 * unit,
            chroma_span,
        }
    }

    fn luma(&self, sample: f64) -> f64 {
        (sample - self.luma_black) / self.luma_span
    }

    fn chroma(&self, sample: f64) -> f64 {
        (sample - self.chroma_middle) / self.chroma_span
    }
}

/// A plane of chroma with the place of its samples.
struct Chroma<'a> {
    samples: &'a [u16],
    width: usize,
    height: usize,
    step: (f64, f64),
    /// Of the first sample, in px of luma.
    first: (f64, f64),
}

impl Chroma<'_> {
    /// Between the nearest four samples.
    fn at(&self, x: usize, y: usize) -> f64 {
        let place = |px: usize, first: f64, step: f64, count: usize| {
            let place = ((px as f64 - first) / step).clamp(0.0, (count - 1) as f64);
            let before = place.floor();
            let next = (before as usize + 1).min(count - 1);
            (before as usize, next, place - before)
        };
        let (x0, x1, along) = place(x, self.first.0, self.step.0, self.width);
        let (y0, y1, down) = place(y, self.first.1, self.step.1, self.height);
        let sample = |x: usize, y: usize| f64::from(self.samples[y * self.width + x]);
        let above = sample(x0, y0) * (1.0 - along) + sample(x1, y0) * along;
        let below = sample(x0, y1) * (1.0 - along) + sample(x1, y1) * along;
        above * (1.0 - down) + below * down
    }
}

/// Where colours that no screen shows are cut: frames may hold such, and a JPEG holds others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clipping {
    /// Red, green and blue.
    OfScreen,
    /// Luma and colour differences as in a JPEG, then red, green and blue.
    OfJpeg,
}

impl Clipping {
    fn clip(self, colour: [f64; 3]) -> [u8; 3] {
        let [r, g, b] = match self {
            Self::OfScreen => colour,
            Self::OfJpeg => through_jpeg(colour),
        };
        [r, g, b].map(|v| (v * 255.0).round().clamp(0.0, 255.0) as u8)
    }
}

/// ITU-T T.871: the matrix of BT.601, full range.
fn through_jpeg([r, g, b]: [f64; 3]) -> [f64; 3] {
    let (kr, kb) = (0.299, 0.114);
    let y = kr * r + (1.0 - kr - kb) * g + kb * b;
    let (cb, cr) = ((b - y) / (2.0 * (1.0 - kb)), (r - y) / (2.0 * (1.0 - kr)));
    from_differences(
        (kr, kb),
        y.clamp(0.0, 1.0),
        cb.clamp(-0.5, 0.5),
        cr.clamp(-0.5, 0.5),
    )
}

/// The frame as seen on an SDR screen, as stored: neither turned nor stretched.
#[must_use]
pub fn rgb(frame: &Frame, format: &PlanarFormat, raw: &[u8], clipping: Clipping) -> Raster {
    let planes = format.split(frame, raw);
    let sizes = format.sizes(frame.width, frame.height);
    let scale = Scale::of(frame, format);
    let matrix = red_and_blue(&frame.colour, frame.width, frame.height).unwrap_or((0.2126, 0.0722));
    let middle = |shift: u32| ((1_u32 << shift) - 1) as f64 / 2.0;
    let chroma = |plane: usize| Chroma {
        samples: &planes[plane],
        width: sizes[plane].0,
        height: sizes[plane].1,
        step: (
            f64::from(1_u32 << format.shift_x),
            f64::from(1_u32 << format.shift_y),
        ),
        first: (
            if frame.chroma_is_centred {
                middle(format.shift_x)
            } else {
                0.0
            },
            middle(format.shift_y),
        ),
    };
    let differences = (format.planes != Planes::Grey).then(|| (chroma(1), chroma(2)));
    let mut raster = Raster::black(frame.width, frame.height);
    for y in 0..frame.height {
        for x in 0..frame.width {
            let luma = f64::from(planes[0][y * frame.width + x]);
            let colour = match (&differences, format.planes) {
                (Some((blue, red)), Planes::Gbr) => {
                    [red.at(x, y), luma, blue.at(x, y)].map(|v| scale.luma(v))
                }
                (Some((cb, cr)), _) => {
                    let (cb, cr) = (scale.chroma(cb.at(x, y)), scale.chroma(cr.at(x, y)));
                    let luma = scale.luma(luma);
                    if frame.colour.space == "ycgco" {
                        from_ycgco(luma, cb, cr)
                    } else {
                        from_differences(matrix, luma, cb, cr)
                    }
                }
                (None, _) => [scale.luma(luma); 3],
            };
            raster.set(x, y, clipping.clip(colour));
        }
    }
    raster
}

fn from_differences((kr, kb): (f64, f64), y: f64, cb: f64, cr: f64) -> [f64; 3] {
    let (red, blue) = (y + 2.0 * (1.0 - kr) * cr, y + 2.0 * (1.0 - kb) * cb);
    [red, (y - kr * red - kb * blue) / (1.0 - kr - kb), blue]
}

/// H.273, 8.3: matrix 8.
fn from_ycgco(y: f64, cg: f64, co: f64) -> [f64; 3] {
    let rest = y - cg;
    [rest + co, y + cg, rest - co]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_pixel(tags: (&str, &str), samples: [u8; 3]) -> [u8; 3] {
        let frame = Frame {
            width: 1,
            height: 1,
            format: "yuv444p".to_owned(),
            colour: ColourTags {
                range: tags.0.to_owned(),
                space: tags.1.to_owned(),
                ..ColourTags::default()
            },
            ..Frame::default()
        };
        let format = PlanarFormat::holding("yuv444p").unwrap();
        rgb(&frame, &format, &samples, Clipping::OfScreen).get(0, 0)
    }

    #[test]
    fn red_is_red_in_each_matrix_and_range() {
        assert_eq!(one_pixel(("tv", "bt709"), [63, 102, 240]), [255, 1, 0]);
        assert_eq!(one_pixel(("tv", "smpte170m"), [81, 90, 240]), [254, 0, 0]);
        assert_eq!(one_pixel(("pc", "bt709"), [54, 99, 255]), [254, 0, 0]);
        assert_eq!(one_pixel(("tv", "unknown"), [235, 128, 128]), [255; 3]);
    }
}
