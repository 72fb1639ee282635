use super::*;
use crate::Sheet;
use plan::Grid;

const SIZE: Size = Size {
    width: 97,
    height: 61,
};

fn gradient() -> Vec<u8> {
    let pixel = |at: u32| {
        let (x, y) = (at % SIZE.width, at / SIZE.width);
        [(x * 2) as u8, (y * 4) as u8, 128]
    };
    (0..SIZE.width * SIZE.height).flat_map(pixel).collect()
}

fn decode(file: &[u8]) -> (Size, Vec<u8>) {
    let picture = ::webp::Decoder::new(file).decode().unwrap();
    let (width, height) = (picture.width(), picture.height());
    (Size { width, height }, picture.to_vec())
}

fn mean_error(one: &[u8], two: &[u8]) -> f64 {
    let pairs = one.iter().zip(two);
    let sum: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / one.len() as f64
}

#[test]
fn what_is_decoded_is_what_was_given() {
    let picture = gradient();
    let file = encode(&picture, SIZE, Quality::default()).unwrap();
    let (size, decoded) = decode(&file);
    assert_eq!(size, SIZE);
    let error = mean_error(&decoded, &picture);
    assert!(error < 3.0, "mean error {error}");
    let low = encode(&picture, SIZE, Quality::new(10).unwrap()).unwrap();
    assert!(low.len() < file.len());
    assert!(mean_error(&decode(&low).1, &picture) > error);
}

/// A job that runs twice overwrites its objects with themselves.
#[test]
fn the_same_pixels_give_the_same_bytes_on_any_thread() {
    let of = || encode(&gradient(), SIZE, Quality::default()).unwrap();
    let elsewhere = std::thread::spawn(of);
    assert_eq!(of(), elsewhere.join().unwrap());
}

/// RIFF, then one chunk of lossy pixels: no Exif, no XMP, no profile.
#[test]
fn the_file_is_lossy_and_holds_nothing_but_pixels() {
    let file = encode(&gradient(), SIZE, Quality::default()).unwrap();
    assert_eq!((&file[..4], &file[8..16]), (&b"RIFF"[..], &b"WEBPVP8 "[..]));
    let length = |at: usize| u32::from_le_bytes(file[at..at + 4].try_into().unwrap()) as usize;
    assert_eq!((length(4), length(16)), (file.len() - 8, file.len() - 20));
}

#[test]
fn sides_beyond_webp_or_of_nothing_are_refused() {
    for (width, height) in [
        (16_384, 1),
        (1, 16_384),
        (0, 5),
        (5, 0),
        (u32::MAX, u32::MAX),
    ] {
        let error = encode(&[], Size { width, height }, Quality::default()).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("WebP")
                && text.contains("16383")
                && text.contains(&format!("{width}x{height}")),
            "{text}"
        );
    }
    let widest = Size {
        width: 16_383,
        height: 1,
    };
    let file = encode(&vec![128; 16_383 * 3], widest, Quality::default()).unwrap();
    assert_eq!(decode(&file).0, widest);
    let error = encode(&[0; 7], SIZE, Quality::default()).unwrap_err();
    assert_eq!(error.to_string(), "97x61 px of RGB are 17751 bytes, not 7");
}

/// Margins and lines that nothing lies on are the background.
#[test]
fn a_sheet_has_its_cells_in_their_places() {
    let cell = Size {
        width: 32,
        height: 16,
    };
    let grid = Grid::new(cell, (2, 3), 16, 16).unwrap();
    let (red, grey) = ([200, 30, 30], [90, 100, 110]);
    let mut sheet = Sheet::new(grid, grey);
    sheet.place(3, &red.repeat(32 * 16), cell).unwrap();
    let (size, pixels) = decode(&sheet.encode_webp(Quality::default()).unwrap());
    assert_eq!(size, grid.sheet());
    let near = |(x, y): (u32, u32), color: [u8; 3]| {
        let at = (y * size.width + x) as usize * 3;
        let pixel = &pixels[at..at + 3];
        let is_near = pixel.iter().zip(color).all(|(a, b)| a.abs_diff(b) < 12);
        assert!(is_near, "{x},{y}: {pixel:?} {color:?}");
    };
    let (left, top) = grid.origin(3);
    near((left + 16, top + 8), red);
    for other in [0, 1, 2, 4, 5] {
        let (left, top) = grid.origin(other);
        near((left + 16, top + 8), grey);
    }
    near((size.width - 1, size.height - 1), grey);
    let wide = Grid::new(cell, (512, 1), 0, 0).unwrap();
    let refused = Sheet::new(wide, grey).encode_webp(Quality::default());
    assert!(matches!(
        refused,
        Err(WebpError::Side { width: 16_384, .. })
    ));
}
