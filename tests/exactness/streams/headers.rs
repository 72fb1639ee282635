//! Headers of containers, changed by hand as no muxer here writes them.

use std::fs;
use std::path::Path;

fn position(bytes: &[u8], of: &[u8]) -> usize {
    let found = bytes.windows(of.len()).position(|window| window == of);
    found.unwrap_or_else(|| panic!("no {:?}", String::from_utf8_lossy(of)))
}

/// Lets the track header say another width, px, and takes away what the sample entry says.
pub(crate) fn widen_track(file: &Path, width: u16) {
    let mut bytes = fs::read(file).unwrap();
    let tkhd = position(&bytes, b"tkhd");
    // Version 0: 4 of version and flags, 20 of times and duration, 16 of layers, 36 of matrix.
    let at = tkhd + 4 + 4 + 20 + 16 + 36;
    bytes[at..at + 2].copy_from_slice(&width.to_be_bytes());
    hide_aspect(&mut bytes);
    fs::write(file, bytes).unwrap();
}

fn hide_aspect(bytes: &mut [u8]) {
    for (name, other) in [(b"pasp", b"free"), (b"vprp", b"JUNK")] {
        if let Some(at) = bytes.windows(4).position(|kind| kind == name) {
            bytes[at..at + 4].copy_from_slice(other);
        }
    }
}

/// Takes away what the sample entry says of the shape of a pixel, or a header of an AVI.
pub(crate) fn without_aspect(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    hide_aspect(&mut bytes);
    fs::write(file, bytes).unwrap();
}

/// Lets the track header turn the picture by a quarter.
pub(crate) fn turn_track(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    let at = position(&bytes, b"tkhd") + 4 + 4 + 20 + 16;
    const ONE: i32 = 1 << 16;
    for (nth, number) in [0, ONE, 0, -ONE, 0].into_iter().enumerate() {
        bytes[at + 4 * nth..at + 4 * nth + 4].copy_from_slice(&number.to_be_bytes());
    }
    fs::write(file, bytes).unwrap();
}

/// Adds a box to the end of the first sample entry of an MP4 whose `moov` comes last.
pub(crate) fn add_to_entry(file: &Path, entry: &[u8; 4], new: &[u8]) {
    let mut bytes = fs::read(file).unwrap();
    assert!(
        position(&bytes, b"mdat") < position(&bytes, b"moov"),
        "else chunk offsets were to be moved"
    );
    let mut end = 0;
    for kind in [b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd", entry] {
        let start = position(&bytes, b"moov");
        let at = start + position(&bytes[start..], kind) - 4;
        let size = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        end = at + size as usize;
        let size = size + new.len() as u32;
        bytes[at..at + 4].copy_from_slice(&size.to_be_bytes());
    }
    bytes.splice(end..end, new.iter().copied());
    fs::write(file, bytes).unwrap();
}

/// A clean aperture in the middle of the frame, moved by whole px.
pub(crate) fn clean_aperture((width, height): (u32, u32), (right, down): (i32, i32)) -> Vec<u8> {
    let mut bytes = 40_u32.to_be_bytes().to_vec();
    bytes.extend(b"clap");
    let fields = [width as i32, 1, height as i32, 1, right, 1, down, 1];
    bytes.extend(fields.iter().flat_map(|field| field.to_be_bytes()));
    bytes
}

const DISPLAY_WIDTH: [u8; 2] = [0x54, 0xb0];
const DISPLAY_HEIGHT: [u8; 2] = [0x54, 0xba];
const CROP_LEFT: [u8; 2] = [0x54, 0xcc];
const CROP_TOP: [u8; 2] = [0x54, 0xbb];

/// Puts PixelCropLeft and PixelCropTop in the place of DisplayWidth and DisplayHeight.
pub(crate) fn crop_pixels(file: &Path, left: u64, top: u64) {
    let mut bytes = fs::read(file).unwrap();
    let tracks = position(&bytes, &[0x16, 0x54, 0xae, 0x6b]);
    for (old, new, value) in [
        (DISPLAY_WIDTH, CROP_LEFT, left),
        (DISPLAY_HEIGHT, CROP_TOP, top),
    ] {
        let at = tracks + position(&bytes[tracks..], &old);
        bytes[at..at + 2].copy_from_slice(&new);
        let length = usize::from(bytes[at + 2] & 0x7f);
        let value = value.to_be_bytes();
        bytes[at + 3..at + 3 + length].copy_from_slice(&value[8 - length..]);
    }
    fs::write(file, bytes).unwrap();
}

/// Where the box of this path lies whose first bytes are its size: the first of each kind.
fn place(bytes: &[u8], path: &[&[u8; 4]]) -> usize {
    path.iter()
        .fold(0, |at, kind| at + position(&bytes[at..], *kind) - 4)
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap())
}

/// Gives the first track of an MP4 an edit list in place of its own: how long each edit lasts and
/// where it begins, ms after the first frame; none is an empty edit. The samples must come before
/// the header, or be placed relative to fragments.
pub(crate) fn set_edits(file: &Path, edits: &[(Option<u64>, u64)]) {
    let mut bytes = fs::read(file).unwrap();
    let timescale = u64::from(word(
        &bytes,
        place(&bytes, &[b"moov", b"mdia", b"mdhd"]) + 20,
    ));
    let movie = u64::from(word(&bytes, place(&bytes, &[b"moov", b"mvhd"]) + 20));
    let trak = place(&bytes, &[b"moov", b"trak"]);
    let trak_end = trak + word(&bytes, trak) as usize;
    let edts = bytes[trak..trak_end]
        .windows(4)
        .position(|kind| kind == b"edts");
    let (at, old) = match edts {
        Some(edts) => (trak + edts - 4, word(&bytes, trak + edts - 4) as usize),
        None => {
            let tkhd = place(&bytes, &[b"moov", b"trak", b"tkhd"]);
            (tkhd + word(&bytes, tkhd) as usize, 0)
        }
    };
    // What the muxer wrote itself begins with the first frame.
    let first = if old > 0 {
        u64::from(word(&bytes, at + 28))
    } else {
        0
    };
    let mut elst = vec![0; 4];
    elst.extend((edits.len() as u32).to_be_bytes());
    for &(start_ms, ms) in edits {
        let start = start_ms.map(|ms| (first + ms * timescale / 1000) as u32);
        for field in [
            (ms * movie / 1000) as u32,
            start.unwrap_or(u32::MAX),
            1 << 16,
        ] {
            elst.extend(field.to_be_bytes());
        }
    }
    let boxed = |kind: &[u8; 4], body: &[u8]| {
        let size = body.len() as u32 + 8;
        [&size.to_be_bytes()[..], kind, body].concat()
    };
    let new = boxed(b"edts", &boxed(b"elst", &elst));
    for at in [place(&bytes, &[b"moov"]), trak] {
        let size = word(&bytes, at) + new.len() as u32 - old as u32;
        bytes[at..at + 4].copy_from_slice(&size.to_be_bytes());
    }
    bytes.splice(at..at + old, new);
    fs::write(file, bytes).unwrap();
}

/// Turns the pictures of the first track of an MP4 a quarter clockwise.
pub(crate) fn turn_clockwise(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    // Version 0: 8 of the header, 4 of version and flags, 20 of times and duration, 16 of layers.
    let at = place(&bytes, &[b"moov", b"trak", b"tkhd"]) + 8 + 4 + 20 + 16;
    let matrix = [0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30];
    let matrix: Vec<u8> = matrix
        .iter()
        .flat_map(|number: &i32| number.to_be_bytes())
        .collect();
    bytes[at..at + 36].copy_from_slice(&matrix);
    fs::write(file, bytes).unwrap();
}
