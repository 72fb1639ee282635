//! Clips of H.264 without one keyframe, as a recording has it that lost packets. Counts of pictures begin
//! anew all the same: they seemed to contradict the times of the container, and the whole video was read
//! by the decoder's times, in which nothing was marked and a picture stood for later ones.

use super::alike::{Shown, remux, shown};
use crate::clips;
use support::clips::ffmpegs;

const EXTENSIONS: [&str; 3] = [".mp4", ".mkv", ".ts"];

/// Which packet is lost, and when the pictures are shown that need it, ms.
const LOST: [(usize, std::ops::Range<u64>); 2] = [(12, 480..960), (24, 960..1200)];

/// In all groups.
const TIMES_MS: [u64; 6] = [280, 440, 520, 760, 1040, 1120];

#[test]
fn a_lost_keyframe_marks_what_needs_it_and_moves_no_picture() {
    let _turn = crate::turn();
    let ffmpegs = ffmpegs();
    let folder = tempfile::tempdir().unwrap();
    let clips = clips::all(&ffmpegs[0]);
    let clip = clips.iter().find(|clip| clip.name == "mp4_first").unwrap();
    let whole = folder.path().join("whole.mp4");
    std::fs::write(&whole, &**clip.bytes).unwrap();
    for (packet, group) in LOST {
        for extension in EXTENSIONS {
            let path = folder.path().join(format!("without_{packet}{extension}"));
            let lost = format!("noise=drop='eq(n,{packet})'");
            remux(&ffmpegs[0].path, &whole, &lost, &path);
            for ffmpeg in &ffmpegs {
                let name = format!("{extension} without {packet}, {}", ffmpeg.version);
                let together = shown(ffmpeg, &path, &TIMES_MS);
                let (lost, others): (Vec<_>, Vec<_>) =
                    together.iter().partition(|one| group.contains(&one.at_ms));
                assert!(lost.iter().all(|one| one.is_damaged), "{name}");
                let others: Vec<_> = others.iter().map(|one| (one.at_ms, one.number)).collect();
                let kept = TIMES_MS.iter().filter(|at| !group.contains(at));
                let kept: Vec<_> = kept.map(|&at| (at, Some(at / 40))).collect();
                assert_eq!(others, kept, "{name}");
                assert!(
                    together
                        .iter()
                        .all(|one| group.contains(&one.at_ms) == one.is_damaged),
                    "{name}"
                );
                for at in [group.start + 40, group.start + 80] {
                    let is_it = |one: &&Shown| one.at_ms == at;
                    let among = together.iter().find(is_it);
                    let alone = shown(ffmpeg, &path, &[at]);
                    assert_eq!(alone.first(), among, "{name}, {at} alone");
                }
            }
        }
    }
}
