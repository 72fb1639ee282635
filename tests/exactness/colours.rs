//! Colours come out as they went in, whatever numbers the codec stores them as.

use crate::colour_light::{bt2020_to_bt709, srgb_light, srgb_signal};
use crate::colour_patches::{Rgb, Stored, error, extract, pictures, planes, seen};
use artifacts::{Quality, jpeg};
use decoder::Ffmpeg;
use media::{Picture, PictureFormat, PixelLayout, Video};
use plan::Limits;
use plan::Size;
use support::clips::ffmpegs;

/// Of 255, for any component of any patch: half of it is rounding to 8 bits of limited range.
const MOST_ERROR: f64 = 2.0;

/// 75 % bars, full primaries, greys, skin and sky.
const PAINTED: [[u8; 3]; 16] = [
    [191, 191, 191],
    [191, 191, 0],
    [0, 191, 191],
    [0, 191, 0],
    [191, 0, 191],
    [191, 0, 0],
    [0, 0, 191],
    [0, 0, 0],
    [255, 255, 255],
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [128, 128, 128],
    [224, 172, 140],
    [50, 100, 200],
    [16, 24, 12],
];

fn painted() -> Vec<Rgb> {
    PAINTED
        .iter()
        .map(|rgb| rgb.map(|v| f64::from(v) / 255.0))
        .collect()
}

fn as_is(patches: &[Rgb]) -> Vec<[f64; 3]> {
    patches.iter().map(|rgb| rgb.map(|v| 255.0 * v)).collect()
}

fn size(width: u32, height: u32) -> Size {
    Size { width, height }
}

/// No patch is off with any ffmpeg at any of `sizes`.
fn check(stored: &Stored, sizes: &[Size], expected: &[[f64; 3]]) {
    let folder = tempfile::tempdir().unwrap();
    let clip = stored.clip(&ffmpegs()[0], folder.path(), &painted());
    for ffmpeg in &ffmpegs() {
        let video = Video::open(ffmpeg, &clip, &Limits::default()).unwrap();
        for &size in sizes {
            let picture = &extract(ffmpeg, &video, &[0], size)[0];
            let error = error(&seen(picture, size), expected);
            assert!(
                error <= MOST_ERROR,
                "{error} at {size:?} of {stored:?} with {ffmpeg}"
            );
            // Chroma has half the pixels: a patch must have enough of them to be flat within.
            if size.width < 64 {
                continue;
            }
            let error = self::error(&seen(&by_planes(ffmpeg, &video, size), size), expected);
            assert!(
                error <= MOST_ERROR,
                "{error} by planes at {size:?} of {stored:?} with {ffmpeg}"
            );
        }
    }
}

/// The first picture as RGB, taken as a JPEG would store it.
fn by_planes(ffmpeg: &Ffmpeg, video: &Video, size: Size) -> Vec<u8> {
    let layout = PixelLayout::Yuv420Full;
    let mut taken = None;
    let mut take = |picture: Picture| {
        taken = Some(picture);
        Ok(())
    };
    let target = PictureFormat {
        size: size.into(),
        layout,
    };
    let missing = video.extract(ffmpeg, &[0], target, &Limits::default(), &mut take);
    assert_eq!(missing.unwrap(), [] as [usize; 0]);
    let picture = taken.unwrap();
    match picture.layout {
        PixelLayout::Rgb24 => picture.pixels,
        PixelLayout::Yuv420Full => rgb(&picture.pixels, size),
    }
}

/// ITU-T T.871, 7: what every reader of JPEG does.
fn rgb(planes: &[u8], size: Size) -> Vec<u8> {
    let (width, height) = (size.width as usize, size.height as usize);
    let (across, down) = (width.div_ceil(2), height.div_ceil(2));
    let (luma, chroma) = planes.split_at(width * height);
    let (cb, cr) = chroma.split_at(across * down);
    let pixel = |at: usize| {
        let half = at / width / 2 * across + at % width / 2;
        let (y, cb, cr) = (
            f64::from(luma[at]),
            f64::from(cb[half]) - 128.0,
            f64::from(cr[half]) - 128.0,
        );
        let [r, g, b] = [
            y + 1.402 * cr,
            y - 0.344_136 * cb - 0.714_136 * cr,
            y + 1.772 * cb,
        ];
        [r, g, b].map(|value| value.round().clamp(0.0, 255.0) as u8)
    };
    (0..width * height).flat_map(pixel).collect()
}

/// Every range, subsampling and depth of a matrix.
fn check_all(space: &'static str, tags: &'static str, expected: impl Fn(&Stored) -> Vec<[f64; 3]>) {
    let mut kinds = Vec::new();
    for full_range in [false, true] {
        for chroma in ["420", "422", "444"] {
            for bits in [8, 10] {
                kinds.push(Stored {
                    full_range,
                    chroma,
                    bits,
                    ..Stored::h264(space, Some(tags))
                });
            }
        }
    }
    for (nth, stored) in kinds.iter().enumerate() {
        // Its own size, scaled a little (bicubic), scaled much (area), enlarged.
        let scaled = [size(48, 48), size(16, 16), size(96, 80)][nth % 3];
        check(stored, &[size(64, 64), scaled], &expected(stored));
    }
}

#[test]
fn bt709_comes_out_as_painted() {
    check_all(
        "bt709",
        ":colorspace=bt709:color_primaries=bt709:color_trc=bt709",
        |_| as_is(&painted()),
    );
}

#[test]
fn bt601_of_525_lines_comes_out_as_painted() {
    check_all(
        "smpte170m",
        ":colorspace=smpte170m:color_primaries=smpte170m:color_trc=smpte170m",
        |_| as_is(&painted()),
    );
}

#[test]
fn bt601_of_625_lines_comes_out_as_painted() {
    check_all(
        "bt470bg",
        ":colorspace=bt470bg:color_primaries=bt470bg:color_trc=bt470bg",
        |_| as_is(&painted()),
    );
}

/// What an sRGB screen can show of BT.2020: the same light by its own primaries. Of the colours
/// as stored, since the step from one number to the next grows by two thirds on the way.
fn within_bt709(stored: &Stored) -> Vec<[f64; 3]> {
    let convert = bt2020_to_bt709();
    let one = |rgb: Rgb| {
        let meant = stored.meant(stored.numbers(rgb));
        convert(meant.map(srgb_light)).map(|v| 255.0 * srgb_signal(v))
    };
    painted().into_iter().map(one).collect()
}

#[test]
fn bt2020_comes_out_as_the_same_colour_on_a_screen_of_bt709() {
    check_all(
        "bt2020nc",
        ":colorspace=bt2020nc:color_primaries=bt2020:color_trc=bt2020-10",
        within_bt709,
    );
}

#[test]
fn a_bt2020_matrix_over_other_primaries_changes_no_colour() {
    let tags = ":colorspace=bt2020nc:color_primaries=bt709:color_trc=bt709";
    let stored = Stored::h264("bt2020nc", Some(tags));
    check(&stored, &[size(64, 64)], &as_is(&painted()));
}

#[test]
fn silent_clips_are_taken_by_their_size() {
    for (space, pixels) in [
        ("bt709", (1280, 720)),
        ("bt709", (720, 1280)),
        ("smpte170m", (640, 360)),
        ("smpte170m", (720, 576)),
        ("smpte170m", (480, 848)),
    ] {
        let stored = Stored {
            size: pixels,
            ..Stored::h264(space, None)
        };
        check(&stored, &[size(64, 64)], &as_is(&painted()));
    }
}

#[test]
fn rgb_needs_no_matrix() {
    let rgb = |encoder, extension, bits| Stored {
        full_range: true,
        chroma: "444",
        bits,
        encoder,
        extension,
        ..Stored::h264(
            "gbr",
            Some(":colorspace=gbr:color_primaries=bt709:color_trc=bt709"),
        )
    };
    for stored in [
        rgb("libx264rgb -qp 0 -pix_fmt gbrp", "mp4", 8),
        rgb("ffv1", "mkv", 10),
    ] {
        let sizes = [size(64, 64), size(48, 48), size(16, 16)];
        check(&stored, &sizes, &as_is(&painted()));
    }
}

/// Colours change evenly from left to right and from top to bottom, brightness does not: what is
/// off then is the place of a colour.
#[test]
fn chroma_lies_where_the_standard_puts_it() {
    const SIDE_PX: usize = 96;
    // Where the first chroma sample of a row lies, in luma pixels.
    let cases = [
        ("libx264 -qp 0", "mp4", "420", false, 0.0),
        ("libx264 -qp 0", "mp4", "422", false, 0.0),
        ("mjpeg -q:v 1", "avi", "420", true, 0.5),
    ];
    for (encoder, extension, chroma, full_range, first) in cases {
        let half = |h: usize| if h < SIDE_PX { 0.5 } else { 0.0 };
        let step = |h: usize| (SIDE_PX / h) as f64;
        let raw = planes(
            chroma,
            8,
            (SIDE_PX, SIDE_PX),
            |plane, x, y, (w, h)| match plane {
                0 => 128,
                1 => (32.0 + 2.0 * (step(w) * x as f64 + first)).round() as u16,
                _ => (32.0 + 2.0 * (step(h) * y as f64 + half(h))).round() as u16,
            },
        );
        let folder = tempfile::tempdir().unwrap();
        let clip = folder.path().join(format!("ramp.{extension}"));
        let letter = if full_range { "j" } else { "" };
        let format = format!("yuv{letter}{chroma}p");
        let tags = if full_range {
            "null"
        } else {
            "setparams=range=tv:colorspace=smpte170m"
        };
        let own = (SIDE_PX, SIDE_PX);
        crate::colour_patches::encode(&ffmpegs()[0], &format, own, tags, encoder, &raw, &clip);
        for ffmpeg in &ffmpegs() {
            for side in [96, 64, 48] {
                let picture = &pictures(ffmpeg, &clip, &[0], size(side, side))[0];
                let off = ramp_offsets(picture, side as usize, SIDE_PX, full_range);
                let near = off.iter().all(|off| off.abs() < 0.1);
                assert!(
                    near,
                    "{off:?} px for {encoder} {chroma} at {side} with {ffmpeg}"
                );
            }
        }
    }
}

/// How far blue is off to the left and red to the top, px of the source.
fn ramp_offsets(picture: &[u8], side: usize, of: usize, full_range: bool) -> [f64; 2] {
    let (luma, chroma) = if full_range {
        (128.0, 1.0)
    } else {
        (112.0 * 255.0 / 219.0, 255.0 / 224.0)
    };
    let (mut blue, mut red, mut count) = (0.0, 0.0, 0.0);
    for y in side / 3..side / 2 {
        for x in side / 3..side / 2 {
            let at = 3 * (y * side + x);
            let meant = |place: usize| {
                let place = (place as f64 + 0.5) * of as f64 / side as f64 - 0.5;
                chroma * (32.0 + 2.0 * place - 128.0)
            };
            red += (f64::from(picture[at]) - luma) / 1.402 - meant(y);
            blue += (f64::from(picture[at + 2]) - luma) / 1.772 - meant(x);
            count += 2.0 * chroma;
        }
    }
    [blue / count, red / count]
}

#[test]
fn jpeg_of_the_default_quality_adds_little() {
    let tags = ":colorspace=bt709:color_primaries=bt709:color_trc=bt709";
    let folder = tempfile::tempdir().unwrap();
    let (ffmpeg, own) = (&ffmpegs()[0], size(128, 128));
    let stored = Stored {
        size: (128, 128),
        ..Stored::h264("bt709", Some(tags))
    };
    let clip = stored.clip(ffmpeg, folder.path(), &painted());
    let raw = &pictures(ffmpeg, &clip, &[0], own)[0];
    let bytes = jpeg::encode(raw, own, Quality::default()).unwrap();
    let decoded = image::load_from_memory(&bytes).unwrap().to_rgb8();
    let added = error(&seen(&decoded, own), &seen(raw, own));
    let all = error(&seen(&decoded, own), &as_is(&painted()));
    eprintln!("JPEG adds {added:.2}, together {all:.2} of 255");
    assert!(added <= 2.0, "JPEG adds {added}");
    assert!(all <= 3.0, "together {all}");
}
