//! Which samples are encrypted: flat grey pictures of them were given as Success.

use super::index_file;
use super::rewrite::{Change, boxed, numbers, rewrite, table, words};
use crate::test_support::Made;
use crate::{Codec, IndexError, VideoTrack};
use std::cell::Cell;
use std::fs;

const STBL: &str = "moov trak mdia minf stbl";
const ENCRYPTION: &str = "-encryption_scheme cenc-aes-ctr \
    -encryption_key 76a6c65c5ea762046bd749a2e632ccbb \
    -encryption_kid a7e61c373e219033c21091fa607bf3b8";
const WHOLE: &str = "-an";
const FRAGMENTS: &str = "-an -movflags frag_keyframe+empty_moov+default_base_moof";

/// An encrypted clip of 60 samples, a sync sample every 15, changed.
fn changed(options: &str, change: Change<'_>) -> Result<VideoTrack, IndexError> {
    let (made, mut command) = Made::begin("encrypted.mp4");
    command.args(ENCRYPTION.split_whitespace());
    command.args(options.split_whitespace()).arg(&made.path);
    assert!(command.status().unwrap().success(), "ffmpeg can't make it");
    let file = fs::read(&made.path).unwrap();
    fs::write(&made.path, rewrite(&file, change)).unwrap();
    index_file(&made.path)
}

/// How many samples at the start can be decoded; the others can't.
fn clear_lead(track: &VideoTrack) -> usize {
    let clear = track.samples.iter().take_while(|sample| !sample.encrypted);
    let clear = clear.count();
    assert!(!track.needs_key(0..clear));
    let rest = &track.samples[clear..];
    assert!(rest.iter().all(|sample| sample.encrypted));
    clear
}

fn in_stbl(path: &str, kind: &str) -> bool {
    path == format!("{STBL} {kind}")
}

/// Overwrites what comes `skipped` bytes after the name of a box.
fn patched(body: &[u8], kind: &[u8; 4], skipped: usize, bytes: &[u8]) -> Vec<u8> {
    let mut body = body.to_vec();
    let at = body.windows(4).position(|name| name == kind).unwrap() + 4 + skipped;
    body[at..at + bytes.len()].copy_from_slice(bytes);
    body
}

#[test]
fn samples_of_an_encrypted_description_are_encrypted() {
    for options in [WHOLE, FRAGMENTS] {
        let track = changed(options, &|_, _, _| None).unwrap();
        assert_eq!((track.samples.len(), clear_lead(&track)), (60, 0));
        assert!(track.has_encryption);
        assert!(matches!(track.codec, Codec::H264 { .. }));
        assert_eq!(&track.entry[4..8], b"avc1");
        assert!(!track.entry.windows(4).any(|kind| kind == b"sinf"));
    }
}

#[test]
fn a_default_of_no_encryption_is_believed() {
    for options in [WHOLE, FRAGMENTS] {
        let track = changed(options, &|path, _, body| {
            // After version, flags and two bytes.
            in_stbl(path, "stsd").then(|| boxed(b"stsd", &patched(body, b"tenc", 6, &[0])))
        });
        assert_eq!(clear_lead(&track.unwrap()), 60);
    }
}

#[test]
fn a_scheme_that_says_nothing_of_samples_encrypts_all() {
    let track = changed(WHOLE, &|path, _, body| {
        in_stbl(path, "stsd").then(|| {
            let renamed = patched(body, b"schm", 4, b"piff");
            let at = renamed.windows(4).position(|kind| kind == b"tenc").unwrap();
            boxed(
                b"stsd",
                &[&renamed[..at], b"uuid", &renamed[at + 4..]].concat(),
            )
        })
    });
    assert_eq!(clear_lead(&track.unwrap()), 0);
}

/// Groups of samples, of which the first is described as clear.
fn clear_groups(runs: &[u32]) -> Vec<u8> {
    let sgpd = [&words(&[1 << 24]), &b"seig"[..], &words(&[20, 1]), &[0; 20]].concat();
    let rows = u32::try_from(runs.len() / 2).unwrap();
    let sbgp = [&words(&[0]), &b"seig"[..], &words(&[rows]), &words(runs)].concat();
    [boxed(b"sgpd", &sgpd), boxed(b"sbgp", &sbgp)].concat()
}

#[test]
fn groups_of_samples_are_clear() {
    let track = changed(WHOLE, &|path, _, body| {
        in_stbl(path, "stsz")
            .then(|| [boxed(b"stsz", body), clear_groups(&[30, 1, 30, 0])].concat())
    });
    assert_eq!(clear_lead(&track.unwrap()), 30);
}

#[test]
fn groups_of_samples_of_a_fragment_are_clear() {
    let track = changed(FRAGMENTS, &|path, number, body| {
        (path == "moof" && number == 0).then(|| {
            // At the end of the only track's fragment, so that only its data move.
            let groups = clear_groups(&[15, 0x1_0001]);
            let mut body = [body, &groups].concat();
            let added = u32::try_from(groups.len()).unwrap();
            for (kind, place) in [(b"traf", -4), (b"trun", 12)] {
                let at = body.windows(4).position(|name| name == kind).unwrap();
                let at = at.checked_add_signed(place).unwrap();
                let number = u32::from_be_bytes(body[at..at + 4].try_into().unwrap());
                body[at..at + 4].copy_from_slice(&(number + added).to_be_bytes());
            }
            boxed(b"moof", &body)
        })
    });
    assert_eq!(clear_lead(&track.unwrap()), 15);
}

/// What describes groups of samples of which the first is clear, with these fields in between.
fn described(version: u32, fields: &[u32]) -> Vec<u8> {
    let parts = [&words(&[version << 24]), &b"seig"[..], &words(fields)];
    boxed(b"sgpd", &[&parts.concat()[..], &[0; 20]].concat())
}

/// With boxes added to the table.
fn with_groups(groups: &[u8]) -> usize {
    let track = changed(WHOLE, &|path, _, body| {
        in_stbl(path, "stsz").then(|| [&boxed(b"stsz", body)[..], groups].concat())
    });
    clear_lead(&track.unwrap())
}

/// The default group was not read, and samples of which nothing is said were taken for encrypted.
#[test]
fn samples_of_which_nothing_is_said_are_in_the_default_group() {
    for fields in [&[20, 1, 1][..], &[1, 1], &[0, 1, 1, 20]] {
        assert_eq!(with_groups(&described(2, fields)), 60, "{fields:?}");
    }
    let none = words(&[0]);
    let runs = [&none, &b"seig"[..], &words(&[2, 30, 1, 30, 0])].concat();
    let groups = [described(2, &[20, 1, 1]), boxed(b"sbgp", &runs)].concat();
    assert_eq!(
        with_groups(&groups),
        30,
        "in no group is not in the default one"
    );
    let short = [&none, &b"seig"[..], &words(&[1, 30, 0])].concat();
    let groups = [described(2, &[20, 0, 1]), boxed(b"sbgp", &short)].concat();
    assert_eq!(with_groups(&groups), 0, "there is no default");
}

#[test]
fn lengths_of_descriptions_are_said_for_each_or_for_all() {
    let runs = [&words(&[0]), &b"seig"[..], &words(&[1, 30, 1])].concat();
    for (version, fields) in [(0, &[1][..]), (1, &[20, 1]), (1, &[0, 1, 20])] {
        let groups = [described(version, fields), boxed(b"sbgp", &runs)].concat();
        assert_eq!(with_groups(&groups), 30, "{version} {fields:?}");
    }
}

/// They were not read, and all of the video was taken for encrypted.
#[test]
fn groups_may_be_compact() {
    // Patterns of one group each: 30 samples of the first group, and 30 of none.
    let patterns = [0x0, 0, 0, 2, 1, 30, 1, 30, 0x10];
    let body = [&words(&[0b01_01_00]), &b"seig"[..], &patterns].concat();
    let groups = [described(1, &[20, 1]), boxed(b"csgp", &body)].concat();
    assert_eq!(with_groups(&groups), 30);
}

/// As Shaka Packager writes a clear lead: a clear description beside the encrypted one.
#[test]
fn samples_of_the_clear_one_of_two_descriptions_are_clear() {
    let first = Cell::new(0);
    let track = changed("", &|path, number, body| {
        if number != 0 {
            return None;
        }
        if in_stbl(path, "stsd") {
            let encrypted = &body[8..];
            let mut clear = encrypted.to_vec();
            let at = clear.windows(4).position(|kind| kind == b"sinf").unwrap();
            clear[at..at + 4].copy_from_slice(b"free");
            clear[4..8].copy_from_slice(b"avc1");
            return Some(boxed(
                b"stsd",
                &[&words(&[0, 2]), &clear, encrypted].concat(),
            ));
        }
        in_stbl(path, "stsc").then(|| {
            let rows = numbers(body, 8);
            first.set(rows[1]);
            let mut changed = vec![words(&[1, rows[1], 1])];
            if rows.get(3) != Some(&2) {
                changed.push(words(&[2, rows[1], 2]));
            }
            changed.extend(rows[3..].chunks(3).map(|row| words(&[row[0], row[1], 2])));
            boxed(b"stsc", &table(&changed))
        })
    });
    let lead = first.get() as usize;
    let track = track.unwrap();
    assert!(lead > 0 && lead < 60, "{lead}");
    assert_eq!(clear_lead(&track), lead);
    assert_eq!(&track.entry[4..8], b"avc1");
}

/// What our index does not read was left to ffmpeg's demuxer, which tells nothing of encryption.
#[test]
fn an_encrypted_video_without_an_index_is_encrypted() {
    let track = changed(WHOLE, &|path, _, _| {
        let edit = words(&[1000, 0, 1 << 16]);
        let edits = [edit.clone(), edit];
        (path == "moov trak edts elst").then(|| boxed(b"elst", &table(&edits)))
    });
    assert!(matches!(track, Err(IndexError::Encrypted)), "{track:?}");
}
