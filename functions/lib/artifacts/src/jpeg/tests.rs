use super::*;
use image::RgbImage;

const SIZE: Size = Size {
    width: 97,
    height: 61,
};

/// Smooth in every channel, so that what is lost is the encoder's doing.
fn gradient() -> RgbImage {
    RgbImage::from_fn(SIZE.width, SIZE.height, |x, y| {
        image::Rgb([(x * 2) as u8, (y * 4) as u8, ((x + y) % 158) as u8])
    })
}

fn decode(jpeg: &[u8]) -> RgbImage {
    image::load_from_memory(jpeg).unwrap().to_rgb8()
}

/// As [`super::encode_planes`] takes them, from RGB by the definition.
fn planes(picture: &RgbImage) -> Vec<u8> {
    let (width, height) = picture.dimensions();
    let (across, down) = (width.div_ceil(2), height.div_ceil(2));
    let numbers = |x: u32, y: u32| {
        let [r, g, b] = picture
            .get_pixel(x.min(width - 1), y.min(height - 1))
            .0
            .map(f64::from);
        let luma = 0.299 * r + 0.587 * g + 0.114 * b;
        [luma, 128.0 + (b - luma) / 1.772, 128.0 + (r - luma) / 1.402]
    };
    let luma = (0..width * height).map(|at| numbers(at % width, at / width)[0].round() as u8);
    let chroma = |plane: usize| {
        (0..across * down).map(move |at| {
            let (x, y) = (at % across * 2, at / across * 2);
            let sum: f64 = [(0, 0), (1, 0), (0, 1), (1, 1)]
                .iter()
                .map(|(right, down)| numbers(x + right, y + down)[plane])
                .sum();
            (sum / 4.0).round() as u8
        })
    };
    luma.chain(chroma(1)).chain(chroma(2)).collect()
}

#[test]
fn planes_and_rgb_give_the_same_picture() {
    let picture = gradient();
    let by_rgb = decode(&encode(&picture, SIZE, Quality::default()).unwrap());
    let by_planes = encode_planes(&planes(&picture), SIZE, Quality::default()).unwrap();
    assert!(mean_error(&decode(&by_planes), &by_rgb) < 0.5);
    assert!(mean_error(&decode(&by_planes), &picture) < 2.0);
}

#[test]
fn planes_of_another_size_are_refused() {
    let error = encode_planes(&[0; 7], SIZE, Quality::default()).unwrap_err();
    assert_eq!(error.to_string(), "97x61 px of 4:2:0 are 8955 bytes, not 7");
}

fn mean_error(a: &RgbImage, b: &RgbImage) -> f64 {
    let sum: u64 = a
        .iter()
        .zip(b.iter())
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    sum as f64 / a.len() as f64
}

/// Marker codes up to the start of the scan, with their payloads.
fn segments(jpeg: &[u8]) -> Vec<(u8, Vec<u8>)> {
    assert_eq!(jpeg[..2], [0xff, 0xd8]);
    let mut found = Vec::new();
    let mut at = 2;
    while jpeg[at + 1] != 0xda {
        let length = usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        found.push((jpeg[at + 1], jpeg[at + 4..at + 2 + length].to_vec()));
        at += 2 + length;
    }
    found
}

#[test]
fn what_is_decoded_is_what_was_given() {
    let picture = gradient();
    let jpeg = encode(&picture, SIZE, Quality::default()).unwrap();
    let decoded = decode(&jpeg);
    assert_eq!(decoded.dimensions(), (97, 61));
    let error = mean_error(&decoded, &picture);
    assert!(error < 3.0, "mean error {error}");
}

#[test]
fn plain_colours_survive_with_their_full_range() {
    for color in [
        [0, 0, 0],
        [255, 255, 255],
        [255, 0, 0],
        [0, 255, 0],
        [0, 0, 255],
        [16, 128, 235],
    ] {
        let picture = RgbImage::from_pixel(32, 32, image::Rgb(color));
        let size = Size {
            width: 32,
            height: 32,
        };
        let decoded = decode(&encode(&picture, size, Quality::default()).unwrap());
        let error = mean_error(&decoded, &picture);
        assert!(
            error <= 2.0,
            "{color:?} became {:?}",
            decoded.get_pixel(16, 16)
        );
    }
}

#[test]
fn the_file_is_baseline_4_2_0_with_jfif_and_nothing_else() {
    let jpeg = encode(&gradient(), SIZE, Quality::default()).unwrap();
    let segments = segments(&jpeg);
    let apps: Vec<_> = segments
        .iter()
        .filter(|(code, _)| (0xe0..=0xef).contains(code))
        .collect();
    assert_eq!(apps.len(), 1);
    assert!(apps[0].1.starts_with(b"JFIF\0"));
    assert!(segments.iter().all(|(code, _)| *code != 0xfe), "a comment");
    let frame = &segments
        .iter()
        .find(|(code, _)| *code == 0xc0)
        .expect("baseline")
        .1;
    let factors: Vec<_> = frame[6..].chunks(3).map(|component| component[1]).collect();
    assert_eq!(factors, [0x22, 0x11, 0x11]);
}

#[test]
fn chroma_is_the_mean_of_its_pixels() {
    let stripes = RgbImage::from_fn(32, 32, |x, _| {
        image::Rgb(if x % 2 == 0 {
            [200, 60, 60]
        } else {
            [60, 60, 200]
        })
    });
    let size = Size {
        width: 32,
        height: 32,
    };
    let decoded = decode(&encode(&stripes, size, Quality::default()).unwrap());
    let mean = |channel: usize| {
        decoded
            .pixels()
            .map(|p| f64::from(p.0[channel]))
            .sum::<f64>()
            / 1024.0
    };
    assert!(
        (mean(0) - mean(2)).abs() < 8.0,
        "red {} blue {}",
        mean(0),
        mean(2)
    );
}

#[test]
fn a_higher_quality_is_larger_and_nearer() {
    let picture = gradient();
    let of = |quality| encode(&picture, SIZE, Quality::new(quality).unwrap()).unwrap();
    let (low, high) = (of(10), of(100));
    assert!(low.len() < high.len());
    assert!(mean_error(&decode(&high), &picture) < mean_error(&decode(&low), &picture));
}

#[test]
fn the_same_pixels_give_the_same_bytes() {
    let picture = gradient();
    let of = || encode(&picture, SIZE, Quality::default()).unwrap();
    assert_eq!(of(), of());
}

#[test]
fn a_buffer_of_another_length_is_refused_with_both_lengths() {
    for length in [0, 97 * 61 * 3 - 1, 97 * 61 * 3 + 1] {
        let error = encode(&vec![0; length], SIZE, Quality::default()).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("97x61") && text.contains("17751 bytes, not"),
            "{text}"
        );
    }
}

#[test]
fn sides_beyond_jpeg_or_of_nothing_are_refused() {
    for (width, height) in [
        (65_536, 1),
        (1, 65_536),
        (0, 5),
        (5, 0),
        (u32::MAX, u32::MAX),
    ] {
        let error = encode(&[], Size { width, height }, Quality::default()).unwrap_err();
        assert!(
            error.to_string().contains(&format!("{width}x{height}")),
            "{error}"
        );
    }
    let widest = Size {
        width: 65_535,
        height: 1,
    };
    let jpeg = encode(&vec![128; 65_535 * 3], widest, Quality::default()).unwrap();
    assert_eq!(decode(&jpeg).dimensions(), (65_535, 1));
}

#[test]
fn a_quality_is_between_1_and_100() {
    assert_eq!(Quality::default().get(), 90);
    assert!(Quality::new(1).is_ok() && Quality::new(100).is_ok());
    assert_eq!(Quality::new(0), Err(NoSuchQuality(0)));
    assert_eq!(Quality::new(101), Err(NoSuchQuality(101)));
}
