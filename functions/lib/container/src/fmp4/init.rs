//! The start of the stream: a `moov` without samples. ISO/IEC 14496-12, 8.

use super::boxes::{boxed, full, words};
use crate::VideoTrack;
use plan::Size;

/// A tick of the fed stream's clock is a microsecond, not that it matters.
const TICKS_PER_SECOND: u32 = 1_000_000;

/// The 3x3 unity matrix.
const UNITY: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];

/// Everything before the first fragment: the source's own sample description of `sample`, and the
/// display matrix `matrix`.
#[must_use]
pub fn segment(track: &VideoTrack, sample: usize, matrix: &[i32; 9]) -> Vec<u8> {
    let brands = words(&[512]);
    let file_type = boxed(*b"ftyp", &[b"iso6", &brands, b"iso6mp41"]);
    let movie = boxed(
        *b"moov",
        &[
            &movie_header(),
            &boxed(
                *b"trak",
                &[
                    &track_header(track.layout_at(sample).coded, matrix),
                    &media(track.entry_at(sample)),
                ],
            ),
            &boxed(
                *b"mvex",
                &[&full(*b"trex", 0, 0, &[&words(&[1, 1, 0, 0, 0])])],
            ),
        ],
    );
    [file_type, movie].concat()
}

fn movie_header() -> Vec<u8> {
    let times = words(&[0, 0, TICKS_PER_SECOND, 0]);
    // Rate 1, volume 1, reserved.
    let rate = words(&[0x1_0000, 0x0100_0000, 0, 0]);
    // Six predefined, then the number of the next track.
    let end = words(&[0, 0, 0, 0, 0, 0, 2]);
    full(*b"mvhd", 0, 0, &[&times, &rate, &words(&UNITY), &end])
}

fn track_header(coded: Size, matrix: &[i32; 9]) -> Vec<u8> {
    // Created, modified, track number, reserved, duration, then layer, group, volume.
    let head = words(&[0, 0, 1, 0, 0, 0, 0, 0, 0]);
    let matrix: Vec<u8> = matrix.iter().flat_map(|cell| cell.to_be_bytes()).collect();
    let size = words(&[coded.width << 16, coded.height << 16]);
    // Enabled, in the movie.
    full(*b"tkhd", 0, 3, &[&head, &matrix, &size])
}

fn media(entry: &[u8]) -> Vec<u8> {
    let header = full(
        *b"mdhd",
        0,
        0,
        &[&words(&[0, 0, TICKS_PER_SECOND, 0, 0x55c4_0000])],
    );
    let handler = full(*b"hdlr", 0, 0, &[&words(&[0]), b"vide", &[0; 13]]);
    boxed(*b"mdia", &[&header, &handler, &information(entry)])
}

fn information(entry: &[u8]) -> Vec<u8> {
    let video = full(*b"vmhd", 0, 1, &[&[0; 8]]);
    let here = full(*b"url ", 0, 1, &[]);
    let references = full(*b"dref", 0, 0, &[&words(&[1]), &here]);
    let tables = boxed(
        *b"stbl",
        &[
            &full(*b"stsd", 0, 0, &[&words(&[1]), entry]),
            &full(*b"stts", 0, 0, &[&words(&[0])]),
            &full(*b"stsc", 0, 0, &[&words(&[0])]),
            &full(*b"stsz", 0, 0, &[&words(&[0, 0])]),
            &full(*b"stco", 0, 0, &[&words(&[0])]),
        ],
    );
    boxed(
        *b"minf",
        &[&video, &boxed(*b"dinf", &[&references]), &tables],
    )
}
