//! Every matrix of ITU-T H.273, and code points that nobody knows: numbers stored by the formula
//! of the standard, tagged in the coded video itself, come out as the colours they stand for.

use crate::colour_light::{
    BT2020, Matrix, apply, bt709_to_bt2020, inverse, pq_nits, pq_signal, shown, to_xyz,
};
use crate::colour_patches::{Rgb, SIDE, encode, error, pictures, planes, seen};
use decoder::Ffmpeg;
use plan::Size;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::clips::ffmpegs;

const PX: usize = 64;
const OWN: Size = Size {
    width: PX as u32,
    height: PX as u32,
};

/// Primaries, transfer and matrix: tables 2, 3 and 4.
type Codes = [u16; 3];

/// A codec in a container.
#[derive(Debug, Clone, Copy)]
struct Carrier {
    codec: &'static str,
    extension: &'static str,
    bits: u32,
}

const fn carrier(codec: &'static str, extension: &'static str, bits: u32) -> Carrier {
    Carrier {
        codec,
        extension,
        bits,
    }
}

const DEEP: [Carrier; 6] = [
    carrier("h264", "mp4", 10),
    carrier("h264", "ts", 10),
    carrier("h264", "mkv", 10),
    carrier("hevc", "mp4", 10),
    carrier("hevc", "mkv", 10),
    carrier("prores", "mov", 10),
];

impl Carrier {
    /// Luma from 0 to 1 and differences from -0.5 to 0.5 as numbers of limited range.
    fn stored(self, [y, u, v]: Rgb, difference: f64) -> [u16; 3] {
        let unit = f64::from(1u32 << (self.bits - 8));
        let of = |v: f64| (difference * v + 128.0) * unit;
        [(219.0 * y + 16.0) * unit, of(u), of(v)].map(|v| v.round() as u16)
    }

    /// The reverse of `stored`.
    fn meant(self, numbers: [u16; 3], difference: f64) -> Rgb {
        let unit = f64::from(1u32 << (self.bits - 8));
        let [y, u, v] = numbers.map(|v| f64::from(v) / unit);
        [
            (y - 16.0) / 219.0,
            (u - 128.0) / difference,
            (v - 128.0) / difference,
        ]
    }

    /// A clip of one frame, without a loss where the codec can.
    fn clip(self, folder: &Path, patches: &[[u16; 3]], codes: Codes) -> PathBuf {
        let [primaries, transfer, matrix] = codes;
        let tags = format!(
            "colour_primaries={primaries}:transfer_characteristics={transfer}\
             :matrix_coefficients={matrix}:video_full_range_flag=0"
        );
        let (chroma, encoder) = match self.codec {
            "h264" => (
                "420",
                format!("libx264 -qp 0 -preset ultrafast -bsf:v h264_metadata={tags}"),
            ),
            "hevc" => (
                "420",
                format!(
                    "libx265 -x265-params lossless=1:log-level=none -bsf:v hevc_metadata={tags}"
                ),
            ),
            _ => ("422", "prores_ks -profile:v 3 -q:v 1".to_owned()),
        };
        let paint = |plane: usize, x: usize, y: usize, (w, h): (usize, usize)| {
            patches[y * SIDE / h * SIDE + x * SIDE / w][plane]
        };
        let raw = planes(chroma, self.bits, (PX, PX), paint);
        let depth = if self.bits == 8 { "" } else { "10le" };
        let format = format!("yuv{chroma}p{depth}");
        let path = folder.join(format!("clip.{}", self.extension));
        let ffmpeg = &ffmpegs()[0];
        encode(ffmpeg, &format, (PX, PX), "null", &encoder, &raw, &path);
        if self.codec == "prores" {
            tag_prores(&path, codes);
        }
        path
    }
}

/// No filter of ffmpeg's writes codes into ProRes that its encoder does not know. SMPTE RDD 36,
/// 5.1.1: three bytes of the frame header.
fn tag_prores(path: &Path, codes: Codes) {
    let mut bytes = fs::read(path).unwrap();
    let at = bytes.windows(4).position(|four| four == b"icpf").unwrap() + 4 + 14;
    for (byte, code) in bytes[at..at + 3].iter_mut().zip(codes) {
        *byte = code as u8;
    }
    fs::write(path, bytes).unwrap();
}

/// Whether its decoders tell this matrix: before version 7 they took 15 for unspecified.
fn tells(ffmpeg: &Ffmpeg, matrix: u16) -> bool {
    let help = || {
        let mut command = Command::new(&ffmpeg.path);
        command.args(["-hide_banner", "-h", "filter=setparams"]);
        command.output().unwrap().stdout
    };
    matrix != 15 || help().windows(6).any(|name| name == b"ipt-c2")
}

/// No patch is off by more than `most` with any ffmpeg.
fn check(carrier: Carrier, numbers: &[[u16; 3]], codes: Codes, expected: &[[f64; 3]], most: f64) {
    let folder = tempfile::tempdir().unwrap();
    let clip = carrier.clip(folder.path(), numbers, codes);
    for ffmpeg in ffmpegs().iter().filter(|ffmpeg| tells(ffmpeg, codes[2])) {
        let picture = &pictures(ffmpeg, &clip, &[0], OWN)[0];
        let seen = seen(picture, OWN);
        let error = error(&seen, expected);
        assert!(
            error <= most,
            "{error} for {codes:?} in {carrier:?} with {ffmpeg}\n{seen:?}\n{expected:?}"
        );
    }
}

/// Colours of ordinary video, from 0 to 1.
fn painted() -> Vec<Rgb> {
    let mut patches: Vec<Rgb> = (0..8)
        .map(|bars| [bars & 1, bars >> 1 & 1, bars >> 2].map(|on| 0.75 * f64::from(on)))
        .collect();
    patches.extend([
        [1.0; 3],
        [0.5; 3],
        [0.25; 3],
        [0.88, 0.67, 0.55],
        [0.2, 0.4, 0.8],
        [0.1, 0.3, 0.1],
        [0.95, 0.2, 0.2],
        [0.06, 0.1, 0.05],
    ]);
    patches
}

fn as_is() -> Vec<[f64; 3]> {
    painted().iter().map(|rgb| rgb.map(|v| 255.0 * v)).collect()
}

/// Colours stored by `coded` in each of `carriers` come out as they were.
fn comes_back(codes: Codes, difference: f64, carriers: &[Carrier], coded: impl Fn(Rgb) -> Rgb) {
    for &carrier in carriers {
        let stored = |rgb| carrier.stored(coded(rgb), difference);
        let numbers: Vec<[u16; 3]> = painted().into_iter().map(stored).collect();
        // Half of it is rounding to 8 bits; ProRes has a loss.
        let most = if carrier.bits == 8 { 2.6 } else { 2.0 };
        check(carrier, &numbers, codes, &as_is(), most);
    }
}

#[test]
fn ycgco_comes_out_as_painted() {
    let eight = [carrier("h264", "mp4", 8), carrier("h264", "ts", 8)];
    let carriers = [&eight[..], &DEEP].concat();
    // Differences are counted in steps of luma: 219 and not 224 to the whole.
    comes_back([1, 1, 8], 219.0, &carriers, |[r, g, b]| {
        let around = f64::midpoint(r, b);
        [f64::midpoint(g, around), (g - around) / 2.0, (r - b) / 2.0]
    });
}

#[test]
fn luma_derived_from_primaries_comes_out_as_painted() {
    for (primaries, kr, kb) in [
        (1, 0.2126, 0.0722),
        (5, 0.2220, 0.0713),
        (6, 0.2124, 0.0866),
    ] {
        comes_back([primaries, 1, 12], 224.0, &DEEP[..2], |[r, g, b]| {
            let y = kr * r + (1.0 - kr - kb) * g + kb * b;
            [y, (b - y) / (2.0 - 2.0 * kb), (r - y) / (2.0 - 2.0 * kr)]
        });
    }
}

fn camera_signal(light: f64) -> f64 {
    match light < 0.018 {
        true => 4.5 * light,
        false => 1.099 * light.powf(0.45) - 0.099,
    }
}

fn camera_light(signal: f64) -> f64 {
    match signal < 0.081 {
        true => signal / 4.5,
        false => ((signal + 0.099) / 1.099).powf(1.0 / 0.45),
    }
}

#[test]
fn constant_luminance_comes_out_as_painted() {
    for (matrix, kr, kb) in [(10, 0.2627, 0.0593), (13, 0.2126, 0.0722)] {
        comes_back([1, 14, matrix], 224.0, &DEEP, |rgb| {
            let [r, g, b] = rgb.map(camera_light);
            let y = camera_signal(kr * r + (1.0 - kr - kb) * g + kb * b);
            let coded = |signal: f64, part: f64| {
                let span = match signal <= y {
                    true => camera_signal(1.0 - part),
                    false => 1.0 - camera_signal(part),
                };
                (signal - y) / (2.0 * span)
            };
            [y, coded(rgb[2], kb), coded(rgb[0], kr)]
        });
    }
}

/// Light of BT.2020's primaries, cd/m2.
fn nits() -> Vec<Rgb> {
    let narrow = bt709_to_bt2020();
    let greys = [0.0, 0.5, 5.0, 20.0, 50.0, 100.0, 203.0, 500.0, 1000.0];
    let mut nits: Vec<Rgb> = greys.map(|nits| [nits; 3]).to_vec();
    nits.extend([
        narrow([100.0, 10.0, 10.0]),
        narrow([10.0, 100.0, 10.0]),
        narrow([10.0, 10.0, 100.0]),
        narrow([110.0, 60.0, 45.0]),
        narrow([600.0, 300.0, 90.0]),
        [150.0, 30.0, 30.0],
        [25.0, 300.0, 40.0],
    ]);
    nits
}

/// What stands between light and numbers, but for PQ: to light of other kinds, whose signals make
/// luma and differences.
struct Absolute {
    kinds: Matrix,
    coded: Matrix,
}

impl Absolute {
    fn comes_back(&self, codes: Codes, carriers: &[Carrier]) {
        for &carrier in carriers {
            let stored = |nits| {
                let signals = apply(&self.kinds, nits).map(|v| pq_signal(v.max(0.0)));
                carrier.stored(apply(&self.coded, signals), 224.0)
            };
            let numbers: Vec<[u16; 3]> = nits().into_iter().map(stored).collect();
            let meant = |&numbers| {
                let signals = apply(&inverse(&self.coded), carrier.meant(numbers, 224.0));
                let light = signals.map(|v| pq_nits(v.clamp(0.0, 1.0)));
                shown(apply(&inverse(&self.kinds), light))
            };
            let expected: Vec<[f64; 3]> = numbers.iter().map(meant).collect();
            // ProRes has a loss, and one number of 10 bits moves a dark colour by 3.
            let most = if carrier.codec == "prores" { 6.0 } else { 3.0 };
            check(carrier, &numbers, codes, &expected, most);
        }
    }
}

const LMS: Matrix = [
    [1688.0 / 4096.0, 2146.0 / 4096.0, 262.0 / 4096.0],
    [683.0 / 4096.0, 2951.0 / 4096.0, 462.0 / 4096.0],
    [99.0 / 4096.0, 309.0 / 4096.0, 3688.0 / 4096.0],
];

#[test]
fn ictcp_comes_out_as_the_light_it_stands_for() {
    let ictcp = Absolute {
        kinds: LMS,
        coded: [
            [0.5, 0.5, 0.0],
            [6610.0 / 4096.0, -13613.0 / 4096.0, 7003.0 / 4096.0],
            [17933.0 / 4096.0, -17390.0 / 4096.0, -543.0 / 4096.0],
        ],
    };
    ictcp.comes_back([9, 16, 14], &DEEP);
    ictcp.comes_back([2, 2, 14], &DEEP[..1]);
}

#[test]
fn ipt_c2_comes_out_as_the_light_it_stands_for() {
    // From a crosstalk of 4 % to one of 2 %.
    let mixed = |part: f64| {
        let own = 1.0 - 2.0 * part;
        [[own, part, part], [part, own, part], [part, part, own]]
    };
    let cones = |rgb| {
        apply(
            &mixed(0.02),
            apply(&inverse(&mixed(0.04)), apply(&LMS, rgb)),
        )
    };
    let columns = [
        cones([1.0, 0.0, 0.0]),
        cones([0.0, 1.0, 0.0]),
        cones([0.0, 0.0, 1.0]),
    ];
    let ipt = Absolute {
        kinds: [0, 1, 2].map(|row: usize| columns.map(|column| column[row])),
        coded: [
            [0.4, 0.4, 0.2],
            [4.455, -4.851, 0.396],
            [0.8056, 0.3572, -1.1628],
        ],
    };
    ipt.comes_back([9, 16, 15], &DEEP[..4]);
}

#[test]
fn smpte_2085_comes_out_as_the_light_it_stands_for() {
    let xyz = Absolute {
        kinds: to_xyz(&BT2020),
        coded: [
            [0.0, 1.0, 0.0],
            [0.0, -0.5, 0.986_566 / 2.0],
            [0.5, -0.991_902 / 2.0, 0.0],
        ],
    };
    xyz.comes_back([10, 16, 11], &DEEP[..4]);
}

/// Reserved and unknown codes, and transfers that ffmpeg's scaler refuses, are taken as if nothing
/// had been said: BT.601 for a small picture.
#[test]
fn codes_that_nobody_knows_refuse_no_picture() {
    let coded = |[r, g, b]: Rgb| {
        let y = 0.299 * r + 0.587 * g + 0.114 * b;
        [y, (b - y) / 1.772, (r - y) / 1.402]
    };
    let codes = [
        [2, 2, 3],
        [2, 2, 40],
        [2, 2, 255],
        [2, 9, 6],
        [2, 10, 6],
        [255, 9, 2],
        [3, 255, 6],
        [2, 8, 6],
        [2, 17, 6],
        [2, 2, 12],
    ];
    for (nth, codes) in codes.into_iter().enumerate() {
        let carriers = [DEEP[nth % 6], DEEP[(nth + 3) % 6]];
        comes_back(codes, 224.0, &carriers, coded);
    }
}
