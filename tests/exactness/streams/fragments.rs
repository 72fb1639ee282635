//! Fragmented MP4 whose fragments are of several sample descriptions, as live streams have it whose
//! encoder began anew: no ffmpeg heeds which one a fragment is of.

use super::check::{against_recipe, around_changes, program};
use super::descriptions::{Part, boxed, last, with_child, words};
use super::make::{H264, PIECE_FRAMES, Piece, Workshop};
use std::fs;
use support::clips::ffmpegs;
use support::judge::program::ask;

const FRAME_TICKS: u32 = 512;
const SYNC: u32 = 0x0200_0000;
const NOT_SYNC: u32 = 0x0101_0000;

/// A fragment; its description is said only where it is given.
fn fragment(part: &Part, nth: u32, description: Option<u32>) -> Vec<u8> {
    let frames = u32::from(PIECE_FRAMES);
    // Data lie after the box; how long a sample lasts and that it is no sync sample is said once.
    let flags = 0x2_0000 | 0x8 | 0x20 | if description.is_some() { 0x2 } else { 0 };
    let head: Vec<u32> = [flags, 1].into_iter().chain(description).collect();
    let tfhd = boxed(
        b"tfhd",
        &words(&[&head[..], &[FRAME_TICKS, NOT_SYNC]].concat()),
    );
    let tfdt = boxed(b"tfdt", &words(&[0, nth * frames * FRAME_TICKS]));
    let whole = |offset: u32| {
        let run = words(&[&[0x205, frames, offset, SYNC][..], &part.sizes].concat());
        let traf = [&tfhd[..], &tfdt, &boxed(b"trun", &run)].concat();
        let mfhd = boxed(b"mfhd", &words(&[0, nth + 1]));
        boxed(b"moof", &[mfhd, boxed(b"traf", &traf)].concat())
    };
    let offset = u32::try_from(whole(0).len() + 8).unwrap();
    [whole(offset), boxed(b"mdat", &part.data)].concat()
}

/// Pieces in fragments; the third is of the first one's description: it is coded as the first is.
fn fragmented(files: &[Vec<u8>; 3], default: u32) -> Vec<u8> {
    let parts = files.each_ref().map(|file| Part::of(file));
    assert_ne!(parts[0].entry, parts[1].entry);
    let entries = [
        words(&[0, 2]),
        parts[0].entry.clone(),
        parts[1].entry.clone(),
    ]
    .concat();
    let stbl = [
        boxed(b"stsd", &entries),
        boxed(b"stts", &words(&[0, 0])),
        boxed(b"stsc", &words(&[0, 0])),
        boxed(b"stsz", &words(&[0, 0, 0])),
        boxed(b"stco", &words(&[0, 0])),
    ];
    let first = &files[0];
    let mut inner = boxed(b"stbl", &stbl.concat());
    for (kind, replaced) in [(b"minf", b"stbl"), (b"mdia", b"minf"), (b"trak", b"mdia")] {
        inner = with_child(last(first, kind), replaced, &inner);
    }
    let edit = inner.windows(4).position(|window| window == b"edts");
    if let Some(at) = edit {
        inner[at..at + 4].copy_from_slice(b"free");
    }
    let trex = boxed(b"trex", &words(&[0, 1, default, 0, 0, 0]));
    inner.extend(boxed(b"mvex", &trex));
    let moov = with_child(last(first, b"moov"), b"trak", &inner);
    let mut file = [boxed(b"ftyp", b"iso6\0\0\0\0iso6"), moov].concat();
    for (nth, (part, description)) in parts.iter().zip([1, 2, 1]).enumerate() {
        let said = Some(description).filter(|&said| said != default);
        file.extend(fragment(part, nth as u32, said));
    }
    file
}

/// What the first says was taken for all: flat grey, or noise.
fn assert_described(sizes: [(usize, usize); 2], options: &str, hides: &[u8]) {
    let workshop = Workshop::open();
    let mut first = 0;
    let files = [sizes[0], sizes[1], sizes[0]].map(|size| {
        let options = format!("{options} -video_track_timescale 12800");
        let path = workshop.piece(&Piece::new(size, &options), first, "piece.mp4");
        first += PIECE_FRAMES;
        let mut file = fs::read(path).unwrap();
        if let Some(at) = file.windows(4).rposition(|window| window == hides) {
            file[at..at + 4].copy_from_slice(b"free");
        }
        file
    });
    let shown = [sizes[0], sizes[1], sizes[0]].map(|(width, height)| (width as u64, height as u64));
    let expected = around_changes(&shown);
    let points: Vec<u64> = expected.iter().map(|expected| expected.at_ms).collect();
    let mut wrong = Vec::new();
    for default in [1, 2] {
        let clip = workshop.path("clip.mp4");
        fs::write(&clip, fragmented(&files, default)).unwrap();
        for ffmpeg in ffmpegs() {
            let answer = ask(&program(), &ffmpeg.path, &clip, &points, &[]);
            let told = |wrong| format!("by default {default}, {}: {wrong}", ffmpeg.version);
            wrong.extend(against_recipe(&answer, &expected).into_iter().map(told));
            if answer.pictures.iter().any(|picture| picture.is_damaged) {
                wrong.push(format!("by default {default}, {}: damaged", ffmpeg.version));
            }
            for expected in [&expected[4], &expected[6]] {
                let alone = ask(&program(), &ffmpeg.path, &clip, &[expected.at_ms], &[]);
                let wrong_alone = against_recipe(&alone, &[*expected]);
                let told = |wrong| format!("alone, {}: {wrong}", ffmpeg.version);
                wrong.extend(wrong_alone.into_iter().map(told));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

const SIZES: [(usize, usize); 2] = [(320, 240), (480, 270)];

#[test]
fn fragments_of_h264_have_the_sample_description_that_they_name() {
    assert_described(SIZES, &format!("{H264} -bf 0"), b"none");
    assert_described(SIZES, &format!("{H264} -bf 0"), b"pasp");
}

#[test]
fn fragments_of_other_codecs_have_the_sample_description_that_they_name() {
    let hevc = "-c:v libx265 -preset ultrafast -pix_fmt yuv420p -tag:v hvc1 \
                -x265-params log-level=none:bframes=0";
    for options in [
        hevc,
        "-c:v mpeg4 -q:v 3 -pix_fmt yuv420p",
        "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -lag-in-frames 0 -pix_fmt yuv420p",
    ] {
        assert_described(SIZES, options, b"none");
    }
}
