//! Cells of a sprite hold each picture whole, centred, in the sheet's colour.

use super::check::program;
use super::make::{H264, Piece, Workshop, at};
use support::barcode;
use support::clips::ffmpegs;
use support::judge::program::ask;
use support::judge::raster::Raster;

/// 4:3, then 16:9.
fn clip(workshop: &Workshop) -> std::path::PathBuf {
    let pieces = [(320, 240), (640, 360)].map(|size| Piece::new(size, H264));
    workshop.transport_stream(&pieces, "clip.ts")
}

/// Where a picture lies in its cell: left, top, width, height.
type Place = (usize, usize, usize, usize);

/// The sheet of one picture of each half, side by side.
fn sheet(clip: &std::path::Path, ffmpeg: &std::path::Path, cell: &str) -> Raster {
    let config = format!(r#"{{{cell}"Columns":2,"Lines":1,"Color":"Red"}}"#);
    let more = ["--sprite".to_owned(), config];
    let answer = ask(&program(), ffmpeg, clip, &[at(2), at(12)], &more);
    assert_eq!(answer.refusal, None);
    Raster::of_jpeg(&answer.sheets[0]).unwrap()
}

fn assert_cells(cell: &str, size: (usize, usize), places: [Place; 2]) {
    let workshop = Workshop::open();
    let clip = clip(&workshop);
    for ffmpeg in ffmpegs() {
        let sheet = sheet(&clip, &ffmpeg.path, cell);
        let what = format!("{cell:?} with {ffmpeg}");
        assert_eq!((sheet.width, sheet.height), (2 * size.0, size.1), "{what}");
        for (nth, (left, top, width, height)) in places.into_iter().enumerate() {
            let own = sheet.cropped(nth * size.0, 0, size.0, size.1);
            let picture = own.cropped(left, top, width, height);
            let number = barcode::read(picture.bytes(), width, height);
            assert_eq!(number, Some([2, 12][nth]), "cell {nth}, {what}");
            assert_red_around(&own, (left, top, width, height), &what);
        }
    }
}

/// JPEG smears colours a little beyond a border.
const BORDER_PX: usize = 3;

fn assert_red_around(cell: &Raster, (left, top, width, height): Place, what: &str) {
    let outside = |px: usize, from: usize, length: usize| {
        px + BORDER_PX < from || px >= from + length + BORDER_PX
    };
    for y in 0..cell.height {
        for x in 0..cell.width {
            let [r, g, b] = cell.get(x, y);
            let is_red = r > 200 && g < 60 && b < 60;
            if outside(x, left, width) || outside(y, top, height) {
                assert!(is_red, "{:?} at {x},{y} of {what}", [r, g, b]);
            }
        }
    }
    let [r, g, b] = cell.get(left + width / 2, top + BORDER_PX);
    assert!(
        r.abs_diff(g) < 40 && g.abs_diff(b) < 40,
        "no picture: {what}"
    );
}

#[test]
fn without_a_cell_size_the_first_picture_tells_it() {
    assert_cells("", (320, 240), [(0, 0, 320, 240), (0, 30, 320, 180)]);
}

#[test]
fn with_a_cell_width_alone_the_other_aspect_has_bars() {
    let places = [(0, 0, 240, 180), (0, 22, 240, 136)];
    assert_cells(r#""CellWidth":240,"#, (240, 180), places);
}

#[test]
fn with_a_cell_height_alone_the_other_aspect_has_bars() {
    let places = [(0, 0, 240, 180), (0, 22, 240, 136)];
    assert_cells(r#""CellHeight":180,"#, (240, 180), places);
}

#[test]
fn with_both_sides_of_a_cell_pictures_fill_it() {
    let places = [(0, 0, 200, 200); 2];
    assert_cells(r#""CellWidth":200,"CellHeight":200,"#, (200, 200), places);
}
