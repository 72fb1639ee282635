use super::*;
use plan::Size;

const CELL: Size = Size {
    width: 48,
    height: 32,
};
const GREY: [u8; 3] = [90, 100, 110];
/// Apart from each other and from the background in brightness as well as in colour.
const COLORS: [[u8; 3]; 6] = [
    [170, 40, 40],
    [60, 190, 60],
    [50, 50, 160],
    [200, 200, 60],
    [70, 160, 160],
    [230, 210, 220],
];

/// 3 x 2 cells, 16 px between, 32 px around: edges lie on the encoder's 16 px blocks, so that
/// brightness is exact to the pixel.
fn grid() -> Grid {
    Grid::new(CELL, (3, 2), 16, 32).unwrap()
}

fn plain(size: Size, color: [u8; 3]) -> Vec<u8> {
    RgbImage::from_pixel(size.width, size.height, Rgb(color)).into_raw()
}

fn decode(sheet: &Sheet) -> RgbImage {
    let jpeg = sheet.encode(Quality::default()).unwrap();
    image::load_from_memory(&jpeg).unwrap().to_rgb8()
}

fn near(pixel: Rgb<u8>, color: [u8; 3]) -> bool {
    pixel.0.iter().zip(color).all(|(a, b)| a.abs_diff(b) <= 6)
}

fn near_luma(pixel: Rgb<u8>, color: [u8; 3]) -> bool {
    let luma = |[r, g, b]: [u8; 3]| rgb_to_ycbcr(r, g, b).0;
    luma(pixel.0).abs_diff(luma(color)) <= 4
}

/// The colour a pixel of the test sheet should have, told from the geometry alone.
fn expected(x: u32, y: u32, placed: &[u32]) -> [u8; 3] {
    let along = |at: u32, cell: u32, count: u32| {
        (0..count).find(|i| (32 + i * (cell + 16)..32 + i * (cell + 16) + cell).contains(&at))
    };
    match (along(x, 48, 3), along(y, 32, 2)) {
        (Some(column), Some(line)) if placed.contains(&(line * 3 + column)) => {
            COLORS[(line * 3 + column) as usize]
        }
        _ => GREY,
    }
}

/// Decoders smooth colour, though not brightness, over the next pixel.
fn at_an_edge(x: u32, y: u32, placed: &[u32]) -> bool {
    let here = expected(x, y, placed);
    let around = |at: u32| [at.saturating_sub(1), at, at + 1];
    around(x)
        .iter()
        .any(|&x| around(y).iter().any(|&y| expected(x, y, placed) != here))
}

fn assert_sheet(placed: &[u32]) {
    let mut sheet = Sheet::new(grid(), GREY);
    for &cell in placed {
        sheet
            .place(cell, &plain(CELL, COLORS[cell as usize]), CELL)
            .unwrap();
    }
    let decoded = decode(&sheet);
    assert_eq!(
        decoded.dimensions(),
        (64 + 3 * 48 + 2 * 16, 64 + 2 * 32 + 16)
    );
    for (x, y, pixel) in decoded.enumerate_pixels() {
        let color = expected(x, y, placed);
        let right = near_luma(*pixel, color) && (at_an_edge(x, y, placed) || near(*pixel, color));
        assert!(right, "{placed:?}: ({x}, {y}) is {pixel:?}, not {color:?}");
    }
}

#[test]
fn every_pixel_of_a_full_sheet_is_a_cell_or_background() {
    assert_sheet(&[0, 1, 2, 3, 4, 5]);
}

#[test]
fn a_part_filled_sheet_is_whole_and_the_rest_is_background() {
    assert_sheet(&[]);
    assert_sheet(&[0, 1]);
    assert_sheet(&[4]);
    assert_sheet(&[5, 0, 3]);
}

#[test]
fn the_order_of_placing_does_not_change_the_bytes() {
    let bytes = |order: [u32; 3]| {
        let mut sheet = Sheet::new(grid(), GREY);
        for cell in order {
            sheet
                .place(cell, &plain(CELL, COLORS[cell as usize]), CELL)
                .unwrap();
        }
        sheet.encode(Quality::default()).unwrap()
    };
    assert_eq!(bytes([0, 2, 4]), bytes([4, 2, 0]));
}

#[test]
fn a_sheet_of_one_bare_cell_is_that_picture() {
    let size = Size {
        width: 75,
        height: 43,
    };
    let picture = RgbImage::from_fn(75, 43, |x, y| {
        Rgb([x as u8 * 3, y as u8 * 5, (x ^ y) as u8])
    });
    let mut sheet = Sheet::new(Grid::new(size, (1, 1), 0, 0).unwrap(), GREY);
    sheet.place(0, &picture, size).unwrap();
    let alone = jpeg::encode(&picture, size, Quality::default()).unwrap();
    assert_eq!(sheet.encode(Quality::default()).unwrap(), alone);
}

#[test]
fn details_stay_upright_and_in_place_within_a_cell() {
    let size = Size {
        width: 40,
        height: 24,
    };
    let picture = RgbImage::from_fn(40, 24, |x, y| Rgb([(x * 6) as u8, (y * 10) as u8, 60]));
    let grid = Grid::new(size, (2, 3), 5, 7).unwrap();
    let mut sheet = Sheet::new(grid, [120, 120, 60]);
    sheet.place(3, &picture, size).unwrap();
    let decoded = decode(&sheet);
    for (x, y) in [(6, 6), (33, 6), (6, 17), (33, 17)] {
        let found = *decoded.get_pixel(7 + 40 + 5 + x, 7 + 24 + 5 + y);
        assert!(
            near(found, picture.get_pixel(x, y).0),
            "({x}, {y}) is {found:?}"
        );
    }
}

#[test]
fn a_replaced_cell_shows_the_later_picture() {
    let mut sheet = Sheet::new(grid(), GREY);
    sheet.place(1, &plain(CELL, COLORS[0]), CELL).unwrap();
    sheet.place(1, &plain(CELL, COLORS[2]), CELL).unwrap();
    assert!(near(
        *decode(&sheet).get_pixel(32 + 64 + 20, 32 + 16),
        COLORS[2]
    ));
}

#[test]
fn only_lines_in_use_are_held() {
    let hd = Size {
        width: 1920,
        height: 1080,
    };
    let mut sheet = Sheet::new(Grid::new(hd, (10, 10), 0, 0).unwrap(), GREY);
    assert!(sheet.lines.is_empty());
    sheet.place(3, &plain(hd, COLORS[0]), hd).unwrap();
    sheet.place(9, &plain(hd, COLORS[1]), hd).unwrap();
    let held: usize = sheet.lines.values().map(|line| line.as_raw().len()).sum();
    assert_eq!(held, 19_200 * 1080 * 3, "one line of ten");
}

#[test]
fn cells_beyond_the_sheet_and_pictures_of_another_size_are_refused() {
    let mut sheet = Sheet::new(grid(), GREY);
    let error = sheet.place(6, &plain(CELL, GREY), CELL).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a sheet of 6 cells, counted from 0, has no cell 6"
    );
    let error = sheet.place(0, &[0; 9], CELL).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a sprite cell of 48x32 px of RGB are 4608 bytes, not 9"
    );
    assert!(sheet.lines.is_empty());
}
