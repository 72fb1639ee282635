//! Promise: of a broadcast that is scrambled in parts, what lies in clear parts is shown right,
//! alone and among others, and nothing else is shown.

use decoder::Ffmpeg;
use media::{MediaError, Video};
use plan::{Limits, Size};
use std::fs;
use std::ops::Range;
use support::barcode;
use support::clips::{Recipe, ffmpegs};

const SIZE: Size = Size {
    width: 640,
    height: 360,
};
const FRAME_MS: u64 = 40;
const PACKET_BYTES: usize = 188;

/// How much of what is scrambled nobody can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hidden {
    /// All that a packet carries, as in DVB.
    Payloads,
    /// All but the headers of PES packets, which say so themselves.
    Pictures,
}

/// Scrambles pictures of a clip, counted in the order of decoding.
fn scramble(file: &mut [u8], pictures: &Range<usize>, hidden: Hidden) {
    let (mut begun, mut noise) = (0, 1_u32);
    for packet in file.chunks_exact_mut(PACKET_BYTES) {
        let is_video = packet[1] & 0x1f == 1 && packet[2] == 0;
        let is_start = packet[1] & 0x40 != 0;
        begun += usize::from(is_video && is_start);
        let is_wanted = begun > 0 && pictures.contains(&(begun - 1)) && packet[3] & 0x10 != 0;
        if !is_video || !is_wanted {
            continue;
        }
        let adaptation = match packet[3] & 0x20 {
            0 => 0,
            _ => 1 + usize::from(packet[4]),
        };
        let mut from = 4 + adaptation;
        match hidden {
            Hidden::Payloads => packet[3] |= 0x80,
            Hidden::Pictures if is_start => {
                packet[from + 6] |= 0x10;
                from += 9 + usize::from(packet[from + 8]);
            }
            Hidden::Pictures => {}
        }
        for byte in packet.get_mut(from..).unwrap_or_default() {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = noise.to_be_bytes()[0];
        }
    }
}

fn numbers(ffmpeg: &Ffmpeg, video: &Video, points_ms: &[u64]) -> Result<Vec<u16>, MediaError> {
    let limits = Limits::default();
    let shown = points_ms.iter().map(|&ms| video.timeline().shown_at(ms));
    let mut wanted: Vec<usize> = shown.collect();
    wanted.dedup();
    let mut numbers = Vec::new();
    video.extract(ffmpeg, &wanted, SIZE, &limits, &mut |picture| {
        assert!(!picture.damaged, "{points_ms:?}");
        numbers.push(barcode::read(&picture.pixels, 640, 360).unwrap());
        Ok(())
    })?;
    Ok(numbers)
}

/// `clear` are frames that are to be shown, and `hidden` frames that are not.
fn assert_parts(recipe: &Recipe, scrambled: &[(usize, usize)], clear: &[u16], hidden: &[u16]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scrambled.ts");
    for ffmpeg in ffmpegs() {
        let clip = fs::read(recipe.clip(&ffmpeg.path)).unwrap();
        for kind in [Hidden::Payloads, Hidden::Pictures] {
            let mut file = clip.clone();
            for &(first, end) in scrambled {
                scramble(&mut file, &(first..end), kind);
            }
            fs::write(&path, &file).unwrap();
            // Times count from the first frame that is shown.
            let at = |number: u16| u64::from(number - clear[0]) * FRAME_MS + 20;
            let video = Video::open(&ffmpeg, &path, &Limits::default()).unwrap();
            let told = |points: &[u64]| numbers(&ffmpeg, &video, points);
            let what = format!(
                "{}, {kind:?} {scrambled:?}, {}",
                recipe.name, ffmpeg.version
            );
            let points: Vec<u64> = clear.iter().map(|&number| at(number)).collect();
            assert_eq!(told(&points).unwrap(), clear, "{what}");
            for (&number, &point) in clear.iter().zip(&points) {
                assert_eq!(told(&[point]).unwrap(), [number], "alone, {what}");
            }
            for &number in hidden {
                let taken = told(&[at(number)]);
                assert!(
                    matches!(taken, Err(MediaError::Encrypted)),
                    "{number}: {taken:?}, {what}"
                );
            }
        }
    }
}

fn h264(name: &'static str) -> Recipe {
    Recipe::h264(name).inside(".ts", 90_000)
}

#[test]
fn a_broadcast_is_scrambled_from_some_time_on() {
    let recipe = h264("scrambled_later");
    let clear = [0, 49, 50, 110, 134];
    assert_parts(&recipe, &[(140, 250)], &clear, &[145, 200, 249]);
}

#[test]
fn a_broadcast_is_clear_again_later() {
    let recipe = h264("scrambled_between");
    let clear = [0, 60, 110, 150, 151, 199, 249];
    // What follows in the group needs what was scrambled.
    assert_parts(&recipe, &[(120, 135)], &clear, &[125, 130, 140, 146]);
}

#[test]
fn a_broadcast_is_scrambled_at_first() {
    let recipe = h264("scrambled_at_first");
    assert_parts(&recipe, &[(0, 70)], &[100, 101, 249], &[]);
}

#[test]
fn a_broadcast_is_scrambled_now_and_then() {
    let mpeg2 = "-g 25 -bf 2 -q:v 3 -sc_threshold 1000000000";
    let recipe = h264("scrambled_now_and_then").encoded("mpeg2video", mpeg2);
    let parts = [(30, 45), (80, 82), (130, 200)];
    let clear = [0, 20, 55, 70, 105, 120, 230, 249];
    assert_parts(&recipe, &parts, &clear, &[35, 48, 90, 140, 180, 198]);
}
