//! Presentations of several parts of a track.

use super::against_ffmpeg::TRUST;
use super::by_hand::index_compared;
use super::rewrite::{boxed, table, words};
use crate::{IndexError, VideoTrack};

const EMPTY: u32 = u32::MAX;
/// Both clips have frames of 1024 ticks; one begins with an offset.
const CLIPS: [&str; 2] = ["plain.mp4", "no_b_frames.mp4"];

/// With `edits` of the video and of the sound, whose ends are compared with ffmpeg's.
fn edited(clip: &str, edits: [&[(u32, u32)]; 2]) -> Result<VideoTrack, IndexError> {
    let list = |edits: &[(u32, u32)]| {
        let row = |&(ticks, start): &(u32, u32)| words(&[ticks, start, 1 << 16]);
        boxed(b"elst", &table(&edits.iter().map(row).collect::<Vec<_>>()))
    };
    let change = |path: &str, number: usize, _: &[u8]| {
        (path == "moov trak edts elst").then(|| list(edits[number]))
    };
    index_compared(clip, &change, TRUST)
}

#[test]
fn several_parts_are_listed_whole_beside_their_edits() {
    const SOUND: &[(u32, u32)] = &[(1000, 2048), (1000, 60_000)];
    for clip in CLIPS {
        let whole = edited(clip, [&[(90_000, 0)], SOUND]).unwrap();
        for video in [
            &[(1000, 0), (1000, 30_720)][..],
            &[(1000, 5000), (EMPTY / 2, 30_720)],
            &[(700, EMPTY), (1000, 5000), (500, EMPTY), (900, 30_000)],
            &[(1000, 5000), (300, EMPTY)],
        ] {
            let track = edited(clip, [video, SOUND]).unwrap();
            let edits = track.edits.unwrap();
            assert_eq!(edits.edits.len(), video.len(), "{clip}: {video:?}");
            let places = |samples: &[plan::CodedSample]| -> Vec<u64> {
                samples.iter().map(|sample| sample.offset).collect()
            };
            assert_eq!(places(&track.samples), places(&whole.samples), "{clip}");
            assert!(track.samples.iter().all(|sample| sample.shown), "{clip}");
        }
    }
}

#[test]
fn sounds_of_several_parts_end_with_the_last() {
    for sound in [
        &[(1000, 2048), (1000, 60_000)][..],
        &[(300, EMPTY), (1000, 3000), (1500, 70_123)],
        &[(1000, 0), (200, EMPTY), (700, 90_000)],
    ] {
        for clip in CLIPS {
            let track = edited(clip, [&[(1000, 2048)], sound]).unwrap();
            assert_eq!((track.edits, track.sounds.len()), (None, 1), "{clip}");
        }
    }
}

#[test]
fn parts_of_a_sound_whose_end_is_in_doubt_give_no_index() {
    for sound in [
        &[(1000, 5000), (90_000, 100_000)][..],
        &[(1000, 5000), (200, 100_000), (2000, EMPTY)],
        &[(1000, 5000), (1000, 900_000)],
    ] {
        let refused = edited("plain.mp4", [&[(1000, 2048)], sound]);
        assert!(
            matches!(refused, Err(IndexError::Unsupported(_))),
            "{sound:?}"
        );
    }
}

/// The second case shows the frame at 10,240 twice: at the end of one part, and where the next begins.
#[test]
fn parts_that_go_back_or_show_a_frame_twice_give_no_index() {
    for edits in [
        &[(1000, 30_720), (1000, 0)][..],
        &[(700, 0), (1000, 10_752)],
        &[(1000, 5000), (0, 30_720)],
        &[(1000, 5000), (1000, EMPTY - 5)],
        &[(1000, 1_000_000), (1000, 2_000_000)],
    ] {
        let refused = edited("no_b_frames.mp4", [edits, &[(1000, 0)]]);
        assert!(
            matches!(refused, Err(IndexError::Unsupported(_))),
            "{edits:?}"
        );
    }
}
