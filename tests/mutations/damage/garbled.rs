//! Clips in which all of a keyframe is noise, the lengths of its units too. What then seemed to be its
//! header contradicted the times of the container, and the whole video was read by the decoder's times:
//! what was lost had the picture before it, without a word from an ffmpeg before 7; with a later one a
//! whole picture before it was marked.

use crate::clips;
use crate::job::{self, Ending};
use support::clips::ffmpegs;

/// H.264, with keyframes at 0 and 480 ms.
const CLIPS: [&str; 4] = ["mp4_first", "fragmented", "mov", "mkv"];

/// A keyframe, behind its length.
const BEGINS: [u8; 2] = [0x65, 0x88];

/// Of a picture that is none, behind a length that goes beyond it: its count is lower than of those
/// before.
const SEEMS: [u8; 2] = [0x41, 0xe0];

fn garble(bytes: &mut [u8]) {
    let is_key = |&at: &usize| {
        let is_short = bytes[at - 4..at - 2] == [0, 0];
        is_short && bytes[at..].starts_with(&BEGINS)
    };
    let at = (4..bytes.len() - 4).filter(is_key).nth(1).unwrap();
    let length = usize::from(bytes[at - 2]) << 8 | usize::from(bytes[at - 1]);
    let mut noise = 1_u32;
    for byte in &mut bytes[at - 4..at + length] {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *byte = noise.to_be_bytes()[0];
    }
    bytes[at..at + 2].copy_from_slice(&SEEMS);
}

#[test]
fn a_keyframe_of_noise_moves_and_marks_no_picture_of_other_groups() {
    let _turn = crate::turn();
    let ffmpegs = ffmpegs();
    let folder = tempfile::tempdir().unwrap();
    let clips = clips::all(&ffmpegs[0]);
    for name in CLIPS {
        let clip = clips.iter().find(|clip| clip.name == name).unwrap();
        let mut bytes = clip.bytes.to_vec();
        garble(&mut bytes);
        let path = folder.path().join(format!("{name}{}", clip.extension));
        std::fs::write(&path, bytes).unwrap();
        for ffmpeg in &ffmpegs {
            let named = format!("{name} with {}", ffmpeg.version);
            // The last before it and the first after it; between them nothing is whole.
            let given = match job::at(ffmpeg, &path, &[280, 400, 520, 760, 960]) {
                Ending::Pictures(pictures) => pictures,
                Ending::Code(failure) => panic!("{named}: {}", failure.message),
                Ending::Wrong(what) => panic!("{named}: {what}"),
            };
            let is_lost = |at_us: u64| (480_000..960_000).contains(&at_us);
            let (lost, others): (Vec<_>, Vec<_>) = given.iter().partition(|one| is_lost(one.at_us));
            assert!(lost.iter().all(|one| one.is_damaged), "{named}");
            let others: Vec<_> = others
                .iter()
                .map(|one| (one.at_us / 1000, one.is_damaged))
                .collect();
            let whole = [(280, false), (400, false), (960, false)];
            assert_eq!(others, whole, "{named}");
        }
    }
}
