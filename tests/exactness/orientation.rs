//! Pictures stand as a player shows them, whatever way the camera was held.

use crate::colour_patches::{encode, pictures, planes};
use media::Video;
use plan::Limits;
use plan::Size;
use std::fs;
use std::path::Path;
use support::clips::ffmpegs;

const WIDTH: usize = 64;
const HEIGHT: usize = 48;

/// Luma of the corners of the stored frame: upper left, upper right, lower left, lower right.
const CORNERS: [u16; 4] = [40, 100, 160, 220];

/// Display matrices `[a b; c d]` of ISO/IEC 14496-12, 8.3.2: x' = a x + c y, y' = b x + d y.
const MATRICES: [[i32; 4]; 8] = [
    [1, 0, 0, 1],
    [0, 1, -1, 0],
    [-1, 0, 0, -1],
    [0, -1, 1, 0],
    [-1, 0, 0, 1],
    [1, 0, 0, -1],
    [0, 1, 1, 0],
    [0, -1, -1, 0],
];

fn make(path: &Path, filters: &str) {
    make_with("libx264 -qp 4", path, filters);
}

fn make_with(encoder: &str, path: &Path, filters: &str) {
    let raw = planes(
        "420",
        8,
        (WIDTH, HEIGHT),
        |plane, x, y, (w, h)| match plane {
            0 => CORNERS[2 * (2 * y / h) + 2 * x / w],
            _ => 128,
        },
    );
    encode(
        &ffmpegs()[0],
        "yuv420p",
        (WIDTH, HEIGHT),
        filters,
        encoder,
        &raw.repeat(3),
        path,
    );
}

/// Writes the matrix into the track header, with the translation that brings the picture back
/// to where x and y are not negative.
fn turn(path: &Path, [a, b, c, d]: [i32; 4]) {
    let (width, height) = (WIDTH as i32, HEIGHT as i32);
    let x = -(a * width).min(0) - (c * height).min(0);
    let y = -(b * width).min(0) - (d * height).min(0);
    let one = 1 << 16;
    let matrix = [
        a * one,
        b * one,
        0,
        c * one,
        d * one,
        0,
        x * one,
        y * one,
        1 << 30,
    ];
    write_matrix(path, matrix);
}

/// By so many degrees clockwise about the upper left corner.
fn tilt(path: &Path, degrees: f64) {
    let fixed = |number: f64| (number * 65536.0).round() as i32;
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let [a, b] = [fixed(cosine), fixed(sine)];
    write_matrix(path, [a, b, 0, -b, a, 0, 0, 0, 1 << 30]);
}

fn write_matrix(path: &Path, matrix: [i32; 9]) {
    let mut bytes = fs::read(path).unwrap();
    let tkhd = bytes.windows(4).position(|kind| kind == b"tkhd").unwrap();
    // Version 0: kind, version and flags, five numbers, eight reserved bytes, four half numbers.
    let at = tkhd + 4 + 4 + 20 + 8 + 8;
    for (nth, number) in matrix.into_iter().enumerate() {
        bytes[at + 4 * nth..][..4].copy_from_slice(&number.to_be_bytes());
    }
    fs::write(path, bytes).unwrap();
}

/// The corners of the turned picture, in the same order.
fn turned([a, b, c, d]: [i32; 4]) -> [u16; 4] {
    let mut corners = [0; 4];
    for (nth, luma) in CORNERS.into_iter().enumerate() {
        // Places from the middle: -1 or 1.
        let (x, y) = (2 * (nth as i32 % 2) - 1, 2 * (nth as i32 / 2) - 1);
        let (x, y) = (a * x + c * y, b * x + d * y);
        corners[((y + 1) + (x + 1) / 2) as usize] = luma;
    }
    corners
}

fn corners(picture: &[u8], size: Size) -> [f64; 4] {
    let (width, height) = (size.width as usize, size.height as usize);
    [0, 1, 2, 3].map(|nth: usize| {
        let (x, y) = (
            width / 4 + width / 2 * (nth % 2),
            height / 4 + height / 2 * (nth / 2),
        );
        f64::from(picture[3 * (y * width + x)])
    })
}

fn assert_corners(seen: [f64; 4], luma: [u16; 4], what: &str) {
    let meant = luma.map(|luma| (f64::from(luma) - 16.0) * 255.0 / 219.0);
    let near = seen
        .iter()
        .zip(meant)
        .all(|(seen, meant)| (seen - meant).abs() < 8.0);
    assert!(near, "{seen:?}, not {meant:?}, for {what}");
}

#[test]
fn all_eight_orientations_are_upright() {
    let folder = tempfile::tempdir().unwrap();
    let original = folder.path().join("original.mp4");
    make(&original, "setparams=range=tv");
    for matrix in MATRICES {
        let path = folder.path().join("turned.mp4");
        fs::copy(&original, &path).unwrap();
        turn(&path, matrix);
        for ffmpeg in &ffmpegs() {
            let video = Video::open(ffmpeg, &path, &Limits::default()).unwrap();
            let what = format!("{matrix:?} with {ffmpeg}, {}", video.path_taken().name());
            let (width, height) = match matrix[0] {
                0 => (HEIGHT, WIDTH),
                _ => (WIDTH, HEIGHT),
            };
            let display = video.display();
            assert_eq!(
                (display.width as usize, display.height as usize),
                (width, height),
                "{what}"
            );
            let picture = &crate::colour_patches::extract(ffmpeg, &video, &[1], display)[0];
            assert_corners(corners(picture, display), turned(matrix), &what);
        }
    }
}

/// ffmpeg tilts them in a frame of the stored size, which cuts their corners off. Files with a
/// Matroska roll of 30 degrees were refused.
#[test]
fn pictures_that_are_to_be_turned_by_no_quarter_are_shown_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let tilted = |name: &str, encoder: &str, degrees| {
        let path = folder.path().join(format!("{degrees}-{name}"));
        make_with(encoder, &path, "setparams=range=tv");
        tilt(&path, degrees);
        path
    };
    let mut files = Vec::new();
    for degrees in [0.7, 30.0, 45.0, 89.4, 200.0] {
        files.push(tilted("cut.mp4", "libx264 -qp 4", degrees));
        files.push(tilted("listed.mov", "mjpeg -q 1 -pix_fmt yuv420p", degrees));
    }
    let rolled = folder.path().join("rolled.mkv");
    roll(&files[2], &rolled);
    files.push(rolled);
    for (path, ffmpeg) in files
        .iter()
        .flat_map(|path| ffmpegs().into_iter().map(move |ffmpeg| (path, ffmpeg)))
    {
        let video = Video::open(&ffmpeg, path, &Limits::default()).unwrap();
        let what = format!(
            "{} with {ffmpeg}, {}",
            path.display(),
            video.path_taken().name()
        );
        let display = video.display();
        assert_eq!(
            (display.width as usize, display.height as usize),
            (WIDTH, HEIGHT),
            "{what}"
        );
        let picture = &crate::colour_patches::extract(&ffmpeg, &video, &[1], display)[0];
        assert_corners(corners(picture, display), CORNERS, &what);
    }
}

/// Copies a tilted video into Matroska, which calls that a roll.
fn roll(from: &Path, to: &Path) {
    let copied = std::process::Command::new(&ffmpegs().last().unwrap().path)
        .args(["-nostdin", "-loglevel", "error", "-i"])
        .arg(from)
        .args(["-c", "copy"])
        .arg(to)
        .status();
    assert!(copied.unwrap().success());
}

#[test]
fn pixels_that_are_not_square_are_stretched_upright_or_lying() {
    let folder = tempfile::tempdir().unwrap();
    for (matrix, shown) in [([1, 0, 0, 1], (128, 48)), ([0, 1, -1, 0], (48, 128))] {
        let path = folder.path().join("wide.mp4");
        make(&path, "setparams=range=tv,setsar=2");
        turn(&path, matrix);
        for ffmpeg in &ffmpegs() {
            let video = Video::open(ffmpeg, &path, &Limits::default()).unwrap();
            let display = video.display();
            // The longer side may be the one that stays: the shape is what counts.
            let ratio = f64::from(display.width) / f64::from(display.height);
            let meant = f64::from(shown.0) / f64::from(shown.1);
            assert!(
                (ratio / meant - 1.0).abs() < 0.03,
                "{display:?} with {ffmpeg}"
            );
            let picture = &pictures(ffmpeg, &path, &[0], display)[0];
            assert_corners(corners(picture, display), turned(matrix), "stretched");
        }
    }
}
