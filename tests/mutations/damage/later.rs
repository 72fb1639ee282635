//! Damage near a picture, in containers that ffmpeg reads by itself: it says of frames that the picture
//! does not need what marks it. Since version 7 its decoder runs ahead, so that what it says of later
//! frames comes before the picture, now and then.

use crate::clips;
use crate::job::{self, Ending};
use decoder::{Ffmpeg, complaint};
use std::path::Path;
use std::process::Command;
use support::clips::ffmpegs;

/// As chance has it each time.
const RUNS: usize = 4;

/// In the second group, and shown and decoded before what is damaged.
const BEFORE_MS: u64 = 520;
const DAMAGED: [&str; 2] = [" pts_time:2.12 ", " pts_time:2.24 "];

/// What ffmpeg says when it decodes all of `file`.
fn said(ffmpeg: &Ffmpeg, file: &Path) -> Vec<String> {
    let run = Command::new(&ffmpeg.path)
        .args([
            "-nostdin",
            "-copyts",
            "-loglevel",
            "level+info",
            "-threads",
            "1",
            "-i",
        ])
        .arg(file)
        .args(["-map", "0:V:0", "-vf", "showinfo", "-f", "null", "-"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    said.lines().map(str::to_owned).collect()
}

/// Where in the file the frames to be damaged begin.
fn places(ffmpeg: &Ffmpeg, file: &Path) -> Vec<usize> {
    let lines = said(ffmpeg, file);
    let at = |line: &String| {
        let (_, after) = line.split_once(" pos:")?;
        after.split_whitespace().next()?.parse().ok()
    };
    let is_one = |line: &&String| {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        DAMAGED.iter().any(|time| line.contains(time))
    };
    lines.iter().filter(is_one).filter_map(at).collect()
}

#[test]
fn damage_after_a_picture_marks_it_in_no_run() {
    let _turn = crate::turn();
    let ffmpegs = ffmpegs();
    let clips = clips::all(&ffmpegs[0]);
    let clip = clips.iter().find(|clip| clip.name == "ts").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("later.ts");
    std::fs::write(&path, &**clip.bytes).unwrap();
    let mut bytes = clip.bytes.to_vec();
    let places = places(&ffmpegs[0], &path);
    assert_eq!(places.len(), DAMAGED.len());
    for at in places {
        // Of the one packet that all of such a frame is in.
        for byte in &mut bytes[at + 120..at + 180] {
            *byte ^= 0x5a;
        }
    }
    std::fs::write(&path, &bytes).unwrap();
    let lines = said(&ffmpegs[0], &path);
    assert!(lines.iter().any(|line| complaint(line).is_some()));
    for ffmpeg in &ffmpegs {
        for times in [&[BEFORE_MS][..], &[280, BEFORE_MS, 1040]] {
            for _ in 0..RUNS {
                let Ending::Pictures(pictures) = job::at(ffmpeg, &path, times) else {
                    panic!("no pictures with {}", ffmpeg.version);
                };
                let marked: Vec<u64> = pictures
                    .iter()
                    .filter(|picture| picture.is_damaged)
                    .map(|picture| picture.at_us / 1000)
                    .collect();
                assert!(marked.is_empty(), "{marked:?} with {}", ffmpeg.version);
            }
        }
    }
}

/// The clip, a frame of its first group to which no other refers, and how far behind its start in the
/// file its headers have ended, those of the container among them.
const LEAVES: [(&str, usize, usize); 3] = [("ts", 8, 160), ("flv", 8, 30), ("avi", 5, 30)];

/// In the same group as those and behind them, decoded later as well.
const LATER_MS: [u64; 2] = [400, 440];

/// Where in the file the frame of this number begins.
fn place_of(ffmpeg: &Ffmpeg, file: &Path, number: usize) -> Option<usize> {
    let lines = said(ffmpeg, file);
    let line = lines.iter().find(|line| {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        line.contains(&format!(" n: {number} pts:"))
    })?;
    let (_, after) = line.split_once(" pos:")?;
    after.split_whitespace().next()?.parse().ok()
}

#[test]
fn damage_to_a_frame_that_no_other_refers_to_marks_none_but_it() {
    let _turn = crate::turn();
    let ffmpegs = ffmpegs();
    let clips = clips::all(&ffmpegs[0]);
    let folder = tempfile::tempdir().unwrap();
    for (name, leaf, headers) in LEAVES {
        let clip = clips.iter().find(|clip| clip.name == name).unwrap();
        let path = folder.path().join(format!("leaf{}", clip.extension));
        std::fs::write(&path, &**clip.bytes).unwrap();
        let mut bytes = clip.bytes.to_vec();
        let at = place_of(&ffmpegs[0], &path, leaf).unwrap() + headers;
        for byte in &mut bytes[at..at + 10] {
            *byte ^= 0x5a;
        }
        std::fs::write(&path, &bytes).unwrap();
        let lines = said(&ffmpegs[0], &path);
        assert!(lines.iter().any(|line| complaint(line).is_some()), "{name}");
        let leaf = leaf as u64 * 40;
        let [later, last] = LATER_MS;
        for ffmpeg in &ffmpegs {
            for times in [&[later][..], &[leaf, later, last, 1040]] {
                let Ending::Pictures(pictures) = job::at(ffmpeg, &path, times) else {
                    panic!("no pictures of {name} with {}", ffmpeg.version);
                };
                for picture in &pictures {
                    let at_ms = picture.at_us / 1000;
                    let what = format!("{name} at {at_ms} of {times:?} with {}", ffmpeg.version);
                    assert_eq!(picture.is_damaged, at_ms == leaf, "{what}");
                }
            }
        }
    }
}
