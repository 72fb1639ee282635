//! Clips in which two pictures got each other's place in the table of times. Whether they were found out
//! depended on what was asked for: up to a wanted picture nothing may contradict the times.

use super::alike::{remux, shown};
use crate::clips;
use support::clips::ffmpegs;

const EXTENSIONS: [&str; 2] = [".mp4", ".mkv"];

/// The two are decoded as numbers 17 and 18.
const EXCHANGED: &str = "setts=pts='PTS+(eq(N,18)-eq(N,17))*0.12/TB':dts=DTS";

/// Before them, at the time of the first, after them, and in the next group.
const TIMES_MS: [u64; 4] = [280, 640, 760, 1040];

#[test]
fn exchanged_times_give_the_same_picture_alone_as_among_others() {
    let _turn = crate::turn();
    let ffmpegs = ffmpegs();
    let folder = tempfile::tempdir().unwrap();
    let clips = clips::all(&ffmpegs[0]);
    let clip = clips.iter().find(|clip| clip.name == "mp4_first").unwrap();
    let whole = folder.path().join("whole.mp4");
    std::fs::write(&whole, &**clip.bytes).unwrap();
    for extension in EXTENSIONS {
        let path = folder.path().join(format!("exchanged{extension}"));
        remux(&ffmpegs[0].path, &whole, EXCHANGED, &path);
        for ffmpeg in &ffmpegs {
            let name = format!("{extension}, {}", ffmpeg.version);
            let together = shown(ffmpeg, &path, &TIMES_MS);
            assert_eq!(together.len(), TIMES_MS.len(), "{name}");
            for (at, among) in TIMES_MS.into_iter().zip(&together) {
                let alone = shown(ffmpeg, &path, &[at]);
                assert_eq!(alone.first(), Some(among), "{name}, {at} alone");
            }
        }
    }
}
