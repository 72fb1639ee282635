//! Every matrix against the formulas of its standard: colours there and back.

use super::tests::{colour, deep};
use super::*;
use crate::chromaticity::Chromaticities;
use crate::transfer::{hlg_nits_per_scene, hlg_scene, hlg_signal, pq_nits, pq_signal, srgb_signal};
use plan::Size;

type Rgb = [f64; 3];

const PATCHES: [Rgb; 9] = [
    [0.0, 0.0, 0.0],
    [1.0, 1.0, 1.0],
    [0.5, 0.5, 0.5],
    [0.75, 0.1, 0.1],
    [0.1, 0.75, 0.1],
    [0.1, 0.1, 0.75],
    [0.88, 0.67, 0.55],
    [0.2, 0.4, 0.8],
    [0.9, 0.9, 0.1],
];

/// A picture of one pixel whose numbers of 16 bits are these.
fn picture(colour: &FrameColour, bits: u8, numbers: [f64; 3]) -> [f64; 3] {
    let step = f64::from(1u32 << (16 - bits));
    let raw: Vec<u8> = numbers
        .iter()
        .map(|number| (number / step).round() * step)
        .flat_map(|number| (number as u16).to_le_bytes())
        .collect();
    let shape = Size {
        width: 1,
        height: 1,
    };
    let frames = FrameConversion {
        shape,
        colour,
        storage: deep(bits),
        interlaced: false,
        crop: None,
        size: shape,
        layout: PixelLayout::Yuv420Full,
    };
    let filters = picture_filters(&frames);
    assert_eq!(filters.pixel_format, "yuv444p16le", "{colour:?}");
    assert_eq!(filters.layout, PixelLayout::Rgb24);
    let rgb: [u8; 3] = filters.finish(raw).try_into().unwrap();
    rgb.map(f64::from)
}

/// Luma from 0 to 1 and differences from -0.5 to 0.5 as numbers in the upper bits of 16.
fn stored(full_range: bool, bits: u8, [y, u, v]: Rgb) -> [f64; 3] {
    if full_range {
        let top = f64::from(((1u32 << bits) - 1) << (16 - bits));
        return [y * top, u * top + 32768.0, v * top + 32768.0];
    }
    let difference = |v: f64| (224.0 * v + 128.0) * 256.0;
    [(219.0 * y + 16.0) * 256.0, difference(u), difference(v)]
}

fn check(what: &str, seen: [f64; 3], expected: Rgb, within: f64) {
    let near = seen
        .iter()
        .zip(expected)
        .all(|(seen, expected)| (seen - expected.clamp(0.0, 255.0)).abs() <= within);
    assert!(near, "{what}: {seen:?} is not {expected:?}");
}

/// Patches of the primaries of BT.709 come out as they are.
fn comes_back(codes: FrameColour, bits: u8, numbers: impl Fn(Rgb) -> [f64; 3]) {
    for rgb in PATCHES {
        let seen = picture(&codes, bits, numbers(rgb));
        let what = format!("{rgb:?} of {codes:?} and {bits} bits");
        // Of which half is rounding; the reversible ones halve whole numbers on the way.
        let within = if bits == 8 { 2.0 } else { 1.3 };
        check(&what, seen, rgb.map(|v| 255.0 * v), within);
    }
}

#[test]
fn ycgco_counts_differences_in_steps_of_luma() {
    for bits in [8, 10] {
        for full_range in [false, true] {
            comes_back(colour(8, 1, 1, Some(full_range)), bits, |[r, g, b]| {
                let top = f64::from(((1u32 << bits) - 1) << (16 - bits));
                let (zero, one) = match full_range {
                    true => (0.0, top),
                    false => (4096.0, 219.0 * 256.0),
                };
                let numbers = [r, g, b].map(|v| zero + one * v);
                let [r, g, b] = numbers;
                let half = |v: f64| 32768.0 + v / 2.0;
                [
                    0.5 * g + 0.25 * (r + b),
                    half(g - f64::midpoint(r, b)),
                    half(r - b),
                ]
            });
        }
    }
}

/// By whole numbers, as lossless coders do.
#[test]
fn reversible_ycgco_gives_back_numbers_of_fewer_bits() {
    for (matrix, bits, of_rgb) in [(16, 10, 8), (17, 9, 8), (16, 12, 10), (17, 11, 10)] {
        comes_back(colour(matrix, 1, 1, Some(true)), bits, |rgb| {
            let top = f64::from((1u32 << of_rgb) - 1);
            let [r, g, b] = rgb.map(|v| (v * top).round() as i32);
            let co = r - b;
            let t = b + (co >> 1);
            let cg = g - t;
            let y = t + (cg >> 1);
            let middle = 1 << (bits - 1);
            [y, cg + middle, co + middle].map(|v| f64::from(v << (16 - bits)))
        });
    }
}

#[test]
fn luma_derived_from_each_primaries_is_undone() {
    for primaries in [1, 4, 5, 6, 7, 8, 22] {
        let (kr, kb) = Chromaticities::of(primaries).unwrap().red_and_blue();
        for (bits, full_range) in [(8, false), (10, false), (10, true)] {
            let codes = colour(12, primaries, 1, Some(full_range));
            comes_back(codes, bits, |[r, g, b]| {
                let y = kr * r + (1.0 - kr - kb) * g + kb * b;
                let coded = [y, (b - y) / (2.0 - 2.0 * kb), (r - y) / (2.0 - 2.0 * kr)];
                stored(full_range, bits, coded)
            });
        }
    }
}

fn bt709_signal(light: f64) -> f64 {
    match light < 0.018 {
        true => 4.5 * light,
        false => 1.099 * light.powf(0.45) - 0.099,
    }
}

fn bt709_light(signal: f64) -> f64 {
    match signal < 0.081 {
        true => signal / 4.5,
        false => ((signal + 0.099) / 1.099).powf(1.0 / 0.45),
    }
}

#[test]
fn constant_luminance_is_undone() {
    for (matrix, primaries, (kr, kb)) in [
        (10, 1, (0.2627, 0.0593)),
        (13, 1, (0.212_639, 0.072_192)),
        (13, 6, Chromaticities::of(6).unwrap().red_and_blue()),
    ] {
        comes_back(
            colour(matrix, primaries, 14, Some(false)),
            10,
            |[r, g, b]| {
                let [lr, lg, lb] = [r, g, b].map(bt709_light);
                let y = bt709_signal(kr * lr + (1.0 - kr - kb) * lg + kb * lb);
                let coded = |signal: f64, part: f64| {
                    let span = match signal <= y {
                        true => bt709_signal(1.0 - part),
                        false => 1.0 - bt709_signal(part),
                    };
                    (signal - y) / (2.0 * span)
                };
                stored(false, 10, [y, coded(b, kb), coded(r, kr)])
            },
        );
    }
}

/// Light of BT.2020's primaries, cd/m2: greys up to what the tone curve leaves alone, and colours
/// within BT.709.
const NITS: [Rgb; 6] = [
    [0.0, 0.0, 0.0],
    [20.0, 20.0, 20.0],
    [90.0, 90.0, 90.0],
    [60.0, 30.0, 20.0],
    [20.0, 50.0, 18.0],
    [15.0, 20.0, 70.0],
];

/// What is shown of light that the tone curve leaves alone.
fn shown(nits: Rgb) -> Rgb {
    const TO_BT709: [[f64; 3]; 3] = [
        [1.660_491, -0.587_641, -0.072_850],
        [-0.124_550, 1.132_900, -0.008_349],
        [-0.018_151, -0.100_579, 1.118_730],
    ];
    linear::apply(&TO_BT709, nits).map(|light| 255.0 * srgb_signal(light.max(0.0) / 203.0))
}

const LMS: [[f64; 3]; 3] = [
    [1688.0, 2146.0, 262.0],
    [683.0, 2951.0, 462.0],
    [99.0, 309.0, 3688.0],
];

fn cones(light: Rgb) -> Rgb {
    linear::apply(&LMS, light).map(|v| v / 4096.0)
}

#[test]
fn ictcp_of_pq_is_undone() {
    for transfer in [16, 2] {
        let codes = colour(14, 9, transfer, Some(false));
        for nits in NITS {
            let [l, m, s] = cones(nits).map(pq_signal);
            let ct = (6610.0 * l - 13613.0 * m + 7003.0 * s) / 4096.0;
            let cp = (17933.0 * l - 17390.0 * m - 543.0 * s) / 4096.0;
            let seen = picture(&codes, 12, stored(false, 12, [f64::midpoint(l, m), ct, cp]));
            check(&format!("{nits:?}"), seen, shown(nits), 1.5);
        }
    }
}

#[test]
fn ictcp_of_hlg_is_undone() {
    let codes = colour(14, 9, 18, Some(false));
    for nits in NITS {
        let luminance = 0.2627 * nits[0] + 0.6780 * nits[1] + 0.0593 * nits[2];
        let of_scene = (luminance.max(1e-9) / 1000.0).powf(1.0 / 1.2);
        let scene = nits.map(|v| v / hlg_nits_per_scene(of_scene));
        let [l, m, s] = cones(scene).map(hlg_signal);
        let ct = (3625.0 * l - 7465.0 * m + 3840.0 * s) / 4096.0;
        let cp = (9500.0 * l - 9212.0 * m - 288.0 * s) / 4096.0;
        assert!((hlg_scene(hlg_signal(scene[0])) - scene[0]).abs() < 1e-9);
        let seen = picture(&codes, 12, stored(false, 12, [f64::midpoint(l, m), ct, cp]));
        check(&format!("{nits:?}"), seen, shown(nits), 1.5);
    }
}

/// Light of the cones with a crosstalk of 2 %, by the matrix that players of Dolby Vision use.
fn cones_c2(light: Rgb) -> Rgb {
    const CONES_TO_BT2020: [[f64; 3]; 3] = [
        [3.064_418_79, -2.165_976_76, 0.101_558_18],
        [-0.656_121_08, 1.785_541_18, -0.129_437_49],
        [0.017_363_21, -0.047_251_54, 1.030_042_53],
    ];
    let [l, m, s] = linear::apply(&linear::inverse(&CONES_TO_BT2020), light);
    let mixed = |own: f64, a: f64, b: f64| 0.96 * own + 0.02 * (a + b);
    [mixed(l, m, s), mixed(m, l, s), mixed(s, l, m)]
}

#[test]
fn ipt_and_dolby_vision_are_undone() {
    let tagged = colour(15, 9, 16, Some(true));
    for codes in [tagged, FrameColour::DOLBY_VISION_5] {
        for nits in NITS {
            let [l, m, s] = cones_c2(nits).map(pq_signal);
            let i = 0.4 * l + 0.4 * m + 0.2 * s;
            let p = 4.455 * l - 4.851 * m + 0.396 * s;
            let t = 0.8056 * l + 0.3572 * m - 1.1628 * s;
            let seen = picture(&codes, 12, stored(true, 12, [i, p, t]));
            // A step of 12 bits in one cone moves a dark red by this much.
            check(&format!("{nits:?} of {codes:?}"), seen, shown(nits), 3.0);
        }
    }
}

#[test]
fn smpte_2085_is_undone() {
    let to_xyz = Chromaticities::of(9).unwrap().to_xyz();
    for (primaries, transfer) in [(10, 16), (2, 2)] {
        let codes = colour(11, primaries, transfer, Some(false));
        for nits in NITS {
            let [x, y, z] = linear::apply(&to_xyz, nits).map(pq_signal);
            let coded = [y, (0.986_566 * z - y) / 2.0, (x - 0.991_902 * y) / 2.0];
            let seen = picture(&codes, 12, stored(false, 12, coded));
            check(&format!("{nits:?}"), seen, shown(nits), 1.5);
        }
    }
    assert!((pq_nits(pq_signal(50.0)) - 50.0).abs() < 1e-6);
}

#[test]
fn reserved_codes_and_those_that_lack_primaries_count_as_unspecified() {
    let chain = |matrix, transfer| {
        let codes = colour(matrix, 2, transfer, Some(false));
        tests::filters(&codes, deep(8), 640, 360).chain
    };
    for code in [0, 3, 12, 13, 18, 40, 255] {
        assert_eq!(chain(code, 1), chain(2, 2), "matrix {code}");
    }
    for code in [0, 3, 8, 9, 10, 13, 17, 19, 255] {
        assert_eq!(chain(2, code), chain(2, 2), "transfer {code}");
    }
}

/// ffmpeg refuses or converts by itself what it is told of.
#[test]
fn no_tag_of_a_frame_gets_to_a_filter() {
    for matrix in 0..20 {
        for (transfer, storage) in [(1, deep(8)), (9, deep(10)), (16, deep(10))] {
            let rgb = SampleStorage {
                rgb: true,
                ..storage
            };
            for storage in [storage, rgb] {
                let codes = colour(matrix, 1, transfer, None);
                let chain = tests::filters(&codes, storage, 64, 64).chain;
                let first = chain.split(',').next().unwrap();
                for tag in ["color_primaries", "color_trc", "colorspace"] {
                    assert!(first.contains(&format!("{tag}=unknown")), "{chain}");
                }
                assert!(first.starts_with("setparams=range="), "{chain}");
            }
        }
    }
}

#[test]
fn grey_of_limited_range_is_not_left_to_the_scaler() {
    let grey = SampleStorage {
        grey: true,
        ..deep(8)
    };
    let of = |range| tests::filters(&colour(1, 1, 1, range), grey, 64, 64).pixel_format;
    assert_eq!(of(Some(false)), "yuv444p16le");
    assert_eq!((of(None), of(Some(true))), ("rgb24", "rgb24"));
}

#[test]
fn a_crop_comes_after_the_fields_and_before_the_scaler() {
    let (decoded, shape) = (
        Size {
            width: 64,
            height: 48,
        },
        Size {
            width: 40,
            height: 30,
        },
    );
    let chain = |left, top| {
        let frames = FrameConversion {
            shape,
            colour: &colour(1, 1, 1, Some(false)),
            storage: deep(8),
            interlaced: true,
            crop: Some(FrameCrop { decoded, left, top }),
            size: shape,
            layout: PixelLayout::Rgb24,
        };
        picture_filters(&frames).chain
    };
    let at = |chain: &str, part: &str| chain.find(part).unwrap_or_else(|| panic!("{chain}"));
    for (left, top) in [(2, 4), (3, 5)] {
        let chain = chain(left, top);
        let crop = at(
            &chain,
            &format!("crop=40:30:{left}:{top}:exact=1,scale=40:30"),
        );
        assert!(at(&chain, "estdif") < crop, "{chain}");
        assert_eq!(chain.contains("yuv444p16le,crop"), left == 3, "{chain}");
    }
}
