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
    if let Some(pasp) = bytes.windows(4).position(|kind| kind == b"pasp") {
        bytes[pasp..pasp + 4].copy_from_slice(b"free");
    }
}

/// Takes away what the sample entry says of the shape of a pixel.
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
