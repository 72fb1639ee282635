//! Files that lie: an index that holds together comes out, or none, within bounds.

use super::clips::Clip;
use super::rewrite::{boxed, table, words};
use super::{Bytes, LIMITS, media};
use crate::mp4::index;
use crate::test_support::{check_track, damaged_files};
use crate::{IndexError, IndexLimits, VideoTrack};
use plan::Budget;
use std::collections::BTreeSet;
use std::fs;

/// Indexes a file; what comes out keeps its promises.
fn index_bytes(file: Vec<u8>) -> Result<VideoTrack, IndexError> {
    let file = Bytes(file);
    let track = index(&file, LIMITS)?;
    check_track(&track, &file);
    let places: BTreeSet<u64> = track.samples.iter().map(|sample| sample.offset).collect();
    assert_eq!(
        places.len(),
        track.samples.len(),
        "places tell samples apart"
    );
    let shown = track.samples.iter().filter(|sample| sample.shown);
    assert!(shown.map(|sample| sample.pts).max() <= Some(track.end_pts));
    assert!(track.samples[0].sync);
    assert!(track.samples.iter().all(|sample| sample.size > 0));
    Ok(track)
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % sides
    }
}

fn samples_to_damage() -> Vec<Vec<u8>> {
    let names = ["faststart.mp4", "plain.mov", "cmaf.mp4", "every_frame.mp4"];
    let clips = Clip::all().into_iter();
    let chosen = clips.filter(|clip| names.contains(&clip.name));
    let made = chosen.map(|clip| fs::read(clip.make().path).unwrap());
    made.collect()
}

/// Where the header lies.
fn header(file: &[u8]) -> std::ops::Range<usize> {
    let at = file.windows(4).position(|kind| kind == b"moov").unwrap() - 4;
    let bytes = u32::from_be_bytes(file[at..at + 4].try_into().unwrap());
    at..at + usize::try_from(bytes).unwrap()
}

#[test]
fn flipped_bits_break_nothing() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let (mut kept, mut lost) = (0, 0);
    for file in samples_to_damage() {
        let header = header(&file);
        for _ in 0..200 {
            let mut file = file.clone();
            for _ in 0..=dice.roll(6) {
                let at = header.start + dice.roll(header.len());
                file[at] = match dice.roll(4) {
                    0 => 0xff,
                    1 => 0,
                    _ => file[at] ^ (1 << dice.roll(8)),
                };
            }
            match index_bytes(file) {
                Ok(_) => kept += 1,
                Err(_) => lost += 1,
            }
        }
    }
    assert!(
        kept + lost == 0 || (kept > 50 && lost > 50),
        "{kept} {lost}"
    );
}

#[test]
fn truncations_and_flipped_bits_never_panic() {
    for file in samples_to_damage() {
        damaged_files(&file, 100, |file| drop(index_bytes(file)));
    }
}

#[test]
fn cut_off_files_break_nothing() {
    for file in samples_to_damage() {
        let last = index_bytes(file.clone()).unwrap().samples;
        for part in 0..150 {
            let cut = index_bytes(file[..file.len() * part / 150].to_vec());
            // Whole fragments may be missing without a trace.
            assert!(cut.is_err() || cut.unwrap().samples.len() <= last.len());
        }
    }
}

#[test]
#[cfg_attr(
    not(corpus),
    ignore = "needs the media corpus: VOD_SNAPSHOT_CORPUS names its folder"
)]
fn quirky_and_hostile_files_break_nothing() {
    for path in media("malformed").iter().chain(&media("synthetic")) {
        let _ = index_bytes(fs::read(path).unwrap());
    }
}

fn movie(stbl: &[Vec<u8>], rest: &[u8]) -> Vec<u8> {
    let matrix = words(&[1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30]);
    let mut mvhd = [words(&[0, 0, 0, 1000, 0, 0, 0, 0, 0]), matrix.clone()].concat();
    mvhd.extend([0; 28]);
    let mut tkhd = [words(&[1, 0, 0, 1, 0, 0, 0, 0, 0, 0]), matrix].concat();
    tkhd.extend(words(&[64 << 16, 64 << 16]));
    let mut jpeg = vec![0; 78];
    (jpeg[25], jpeg[27]) = (64, 64);
    let stsd = [words(&[0, 1]), boxed(b"jpeg", &jpeg)].concat();
    let stbl = [&boxed(b"stsd", &stsd)[..], &stbl.concat()].concat();
    let mdia = [
        boxed(b"mdhd", &words(&[0, 0, 0, 1000, 0, 0])),
        boxed(b"hdlr", &[&words(&[0, 0]), &b"vide"[..], &[0; 13]].concat()),
        boxed(b"minf", &boxed(b"stbl", &stbl)),
    ];
    let trak = [boxed(b"tkhd", &tkhd), boxed(b"mdia", &mdia.concat())].concat();
    let moov = [&boxed(b"mvhd", &mvhd), &boxed(b"trak", &trak)[..], rest].concat();
    [boxed(b"ftyp", b"isom"), boxed(b"moov", &moov)].concat()
}

fn tables(sizes: &[u32], per_chunk: u32, duration: (u32, u32)) -> Vec<Vec<u8>> {
    vec![
        boxed(b"stsz", &words(sizes)),
        boxed(b"stsc", &table(&[words(&[1, per_chunk, 1])])),
        boxed(b"stco", &table(&[words(&[0])])),
        boxed(b"stts", &table(&[words(&[duration.0, duration.1])])),
    ]
}

fn why_not(file: Vec<u8>) -> String {
    index_bytes(file).unwrap_err().to_string()
}

#[test]
fn a_file_made_by_hand_is_read() {
    let file = movie(&tables(&[0, 7, 5], 5, (5, 40)), &[]);
    let track = index_bytes(file).unwrap();
    let all: Vec<_> = track.samples.iter().map(|s| (s.offset, s.pts)).collect();
    assert_eq!(all, [(0, 0), (7, 40), (14, 80), (21, 120), (28, 160)]);
    assert_eq!((track.end_pts, track.codec.name()), (200, "mjpeg"));
}

#[test]
fn two_thousand_million_samples_in_a_few_bytes_are_refused() {
    const MANY: u32 = 1 << 31;
    let file = movie(&tables(&[0, 1, MANY], MANY, (MANY, 1)), &[]);
    assert_eq!(why_not(file), "a sample is empty or not in the file");
    let mut file = movie(&tables(&[0, 1, MANY], MANY, (MANY, 1)), &[]);
    file.resize(3_000_000, 0);
    assert_eq!(why_not(file), "Samples is beyond its limit");
    let file = movie(&tables(&[0, 0, MANY], MANY, (MANY, 1)), &[]);
    assert_eq!(why_not(file), "its table of sizes is damaged");
}

#[test]
fn samples_shown_at_once_are_no_reason_to_refuse_a_file() {
    let file = movie(&tables(&[0, 7, 5], 5, (5, 0)), &[0; 35]);
    let track = index_bytes(file).unwrap();
    assert_eq!(track.samples.len(), 5);
    assert!(track.samples.iter().all(|sample| sample.pts == 0));
}

#[test]
fn fragments_of_samples_without_a_byte_are_refused() {
    let trex = boxed(b"trex", &words(&[0, 1, 1, 40, 1, 0]));
    let none = [
        boxed(b"stsz", &words(&[0, 0, 0])),
        boxed(b"stsc", &table(&[])),
        boxed(b"stco", &table(&[])),
        boxed(b"stts", &table(&[])),
    ];
    let fragment = |count: u32| {
        let tfhd = boxed(b"tfhd", &words(&[0x2_0000, 1]));
        let trun = boxed(b"trun", &words(&[1, count, 0]));
        boxed(b"moof", &boxed(b"traf", &[tfhd, trun].concat()))
    };
    let whole = |count| {
        let mut file = movie(&none, &boxed(b"mvex", &trex));
        file.extend(fragment(count));
        file
    };
    assert_eq!(index_bytes(whole(5)).unwrap().samples.len(), 5);
    assert_eq!(
        why_not(whole(1 << 20)),
        "a sample is empty or not in the file"
    );
    assert_eq!(why_not(whole(u32::MAX)), "it has too many samples");
}

#[test]
fn an_index_that_is_too_large_is_not_read() {
    let file = movie(&tables(&[0, 7, 5], 5, (5, 40)), &boxed(b"free", &[0; 9000]));
    let limits = IndexLimits {
        streams: 9,
        bytes: 8000,
        samples: plan::SampleLimit::samples(100),
    };
    let refused = index(&Bytes(file), limits).unwrap_err();
    assert!(
        matches!(refused, IndexError::Over(Budget::IndexBytes)),
        "{refused}"
    );
}

#[test]
fn a_header_of_two_sizes_is_read_to_its_end() {
    let file = movie(&tables(&[0, 7, 5], 5, (5, 40)), &[]);
    let (ftyp, moov) = file.split_at(12);
    let long = [
        &words(&[1])[..],
        b"moov",
        &words(&[0]),
        &words(&[moov.len() as u32 + 8]),
    ];
    let long = [ftyp, &long.concat(), &moov[8..]].concat();
    assert_eq!(index_bytes(long).unwrap().samples.len(), 5);
    let open = [ftyp, &[0; 4], &moov[4..]].concat();
    assert_eq!(index_bytes(open).unwrap().samples.len(), 5);
}
