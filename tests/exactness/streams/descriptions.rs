//! MP4 tracks with several sample descriptions, as joined files have them: each holds for its own
//! samples, and what ffmpeg takes for the whole stream is said by only one of them.

use super::check::{Expected, against_recipe, around_changes, assert_right, program};
use super::crops::wrong_at;
use super::headers::{add_to_entry, clean_aperture};
use super::make::{H264, PIECE_FRAMES, Piece, Workshop, at};
use std::fs;
use std::path::PathBuf;
use support::clips::ffmpegs;
use support::judge::program::ask;

pub(super) fn boxed(kind: &[u8], body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(8 + body.len()).unwrap();
    [&size.to_be_bytes()[..], kind, body].concat()
}

pub(super) fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

/// The last box of this kind, header included: those of `moov` come last.
pub(super) fn last<'a>(file: &'a [u8], kind: &[u8]) -> &'a [u8] {
    let at = file.windows(4).rposition(|window| window == kind).unwrap() - 4;
    let size = u32::from_be_bytes(file[at..at + 4].try_into().unwrap());
    &file[at..at + size as usize]
}

fn numbers(table: &[u8]) -> Vec<u32> {
    let numbers = table.chunks_exact(4);
    numbers
        .map(|number| u32::from_be_bytes(number.try_into().unwrap()))
        .collect()
}

/// What one piece gives to the whole.
pub(super) struct Part {
    pub(super) entry: Vec<u8>,
    pub(super) sizes: Vec<u32>,
    pub(super) data: Vec<u8>,
}

impl Part {
    /// Of a file without B-frames, whose samples lie one after the other.
    pub(super) fn of(file: &[u8]) -> Self {
        let sizes = numbers(&last(file, b"stsz")[20..]);
        let start = numbers(&last(file, b"stco")[16..])[0] as usize;
        let bytes: u32 = sizes.iter().sum();
        Self {
            entry: last(file, b"stsd")[16..].to_vec(),
            data: file[start..start + bytes as usize].to_vec(),
            sizes,
        }
    }
}

/// Both in one track; each piece begins with its only keyframe.
fn joined(first: &[u8], second: &[u8]) -> Vec<u8> {
    let (a, b) = (Part::of(first), Part::of(second));
    let frames = u32::from(PIECE_FRAMES);
    let ftyp = boxed(b"ftyp", b"isom\0\0\0\0isom");
    let sizes = [&a.sizes[..], &b.sizes].concat();
    let mut offset = u32::try_from(ftyp.len() + 8).unwrap();
    let mut offsets = Vec::new();
    for size in &sizes {
        offsets.push(offset);
        offset += size;
    }
    let entries = [words(&[0, 2]), a.entry, b.entry].concat();
    let syncs = words(&[0, 2, 1, frames + 1]);
    let chunks = words(&[0, 2, 1, 1, 1, frames + 1, 1, 2]);
    let count = 2 * frames;
    let duration = numbers(&last(first, b"stts")[20..])[0];
    let stbl = [
        boxed(b"stsd", &entries),
        boxed(b"stts", &words(&[0, 1, count, duration])),
        boxed(b"stss", &syncs),
        boxed(b"stsc", &chunks),
        boxed(b"stsz", &[words(&[0, 0, count]), words(&sizes)].concat()),
        boxed(b"stco", &[words(&[0, count]), words(&offsets)].concat()),
    ];
    let mut inner = boxed(b"stbl", &stbl.concat());
    for (kind, replaced) in [(b"minf", b"stbl"), (b"mdia", b"minf"), (b"trak", b"mdia")] {
        inner = with_child(last(first, kind), replaced, &inner);
    }
    inner = with_child(last(first, b"moov"), b"trak", &inner);
    // An edit would end with the first piece.
    let edit = inner.windows(4).position(|window| window == b"edts");
    if let Some(at) = edit {
        inner[at..at + 4].copy_from_slice(b"free");
    }
    let data = boxed(b"mdat", &[a.data, b.data].concat());
    [ftyp, data, inner].concat()
}

/// A box with another child in the place of the one of this kind.
pub(super) fn with_child(parent: &[u8], kind: &[u8], child: &[u8]) -> Vec<u8> {
    let old = last(parent, kind);
    let at = old.as_ptr().addr() - parent.as_ptr().addr();
    let body = [&parent[8..at], child, &parent[at + old.len()..]].concat();
    boxed(&parent[4..8], &body)
}

/// Pieces of these sizes and shapes of pixels; `hides` is a box that their entries then lack.
fn clip(workshop: &Workshop, pieces: [((usize, usize), &str); 2], hides: &[u8]) -> PathBuf {
    let mut first = 0;
    let files = pieces.map(|(size, shape)| {
        let options = format!("{H264} -bf 0 -vf setsar={shape} -video_track_timescale 12800");
        let name = format!("piece-{first}.mp4");
        let path = workshop.piece(&Piece::new(size, &options), first, &name);
        first += PIECE_FRAMES;
        let mut file = fs::read(path).unwrap();
        let at = file.windows(4).rposition(|window| window == hides);
        if let Some(at) = at {
            file[at..at + 4].copy_from_slice(b"free");
        }
        file
    });
    let path = workshop.path("joined.mp4");
    fs::write(&path, joined(&files[0], &files[1])).unwrap();
    path
}

const SIZE: (usize, usize) = (320, 240);
const SQUARE: ((usize, usize), &str) = (SIZE, "1/1");
const WIDE: ((usize, usize), &str) = (SIZE, "4/3");
const SHOWN_SQUARE: (u64, u64) = (320, 240);
const SHOWN_WIDE: (u64, u64) = (427, 240);

/// By the recipe alone: a plain decode shows all frames in one shape.
fn assert_by_recipe(clip: &std::path::Path, expected: &[Expected]) {
    let points: Vec<u64> = expected.iter().map(|expected| expected.at_ms).collect();
    for ffmpeg in ffmpegs() {
        let answer = ask(&program(), &ffmpeg.path, clip, &points, &[]);
        let wrong = against_recipe(&answer, expected);
        assert!(wrong.is_empty(), "{ffmpeg}: {wrong:?}");
    }
}

#[test]
fn each_sample_description_has_its_own_size() {
    let workshop = Workshop::open();
    let clip = clip(&workshop, [SQUARE, ((480, 270), "1/1")], b"none");
    assert_right(&clip, &around_changes(&[SHOWN_SQUARE, (480, 270)]));
}

/// The shape that the first said was kept, or that of the last taken for all.
#[test]
fn each_sample_description_has_its_own_pixel_aspect() {
    for hides in [b"none", b"pasp"] {
        let workshop = Workshop::open();
        let wider = clip(&workshop, [SQUARE, WIDE], hides);
        assert_by_recipe(&wider, &around_changes(&[SHOWN_SQUARE, SHOWN_WIDE]));
        let workshop = Workshop::open();
        let narrower = clip(&workshop, [WIDE, SQUARE], hides);
        assert_by_recipe(&narrower, &around_changes(&[SHOWN_WIDE, SHOWN_SQUARE]));
    }
}

/// What the first said was taken for all.
#[test]
fn each_sample_description_has_its_own_clean_aperture() {
    let workshop = Workshop::open();
    let apertures = [((200, 160), (20, -10)), ((240, 120), (-10, 8))];
    let files = [0, 1].map(|nth: u16| {
        let options = format!("{H264} -bf 0 -video_track_timescale 12800");
        let name = format!("piece-{nth}.mp4");
        let piece = Piece::new(SIZE, &options);
        let path = workshop.piece(&piece, nth * PIECE_FRAMES, &name);
        let whole = fs::read(&path).unwrap();
        let (size, place) = apertures[usize::from(nth)];
        add_to_entry(&path, b"avc1", &clean_aperture(size, place));
        (whole, fs::read(path).unwrap())
    });
    let [whole, clip] = ["whole.mp4", "clip.mp4"].map(|name| workshop.path(name));
    fs::write(&whole, joined(&files[0].0, &files[1].0)).unwrap();
    fs::write(&clip, joined(&files[0].1, &files[1].1)).unwrap();
    let (first, second) = ([0, at(7) + 39], [at(8), at(11), at(15)]);
    let mut wrong = wrong_at(&clip, &whole, &first, (80, 30, 200, 160));
    wrong.extend(wrong_at(&clip, &whole, &second, (30, 68, 240, 120)));
    // Both in one run, and none else.
    wrong.extend(wrong_at(&clip, &whole, &[at(15)], (30, 68, 240, 120)));
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
