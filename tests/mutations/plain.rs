//! What plain decoding makes of a file: from its start to its end, and from where a seek lands.

use crate::clips;
use crate::job::Picture;
use decoder::Ffmpeg;
use plan::Size;
use std::path::Path;
use support::plain::Plain;

/// Mean difference, of 255, that a JPEG and another way to scale chroma make of a damaged frame;
/// that of two frames next to each other is more than twice as much.
const ALIKE: f64 = 10.0;

/// Each of `pictures` that is no frame of the file. What lies after a damaged keyframe is decoded
/// otherwise by who knows the frames before it, so both count: the file decoded from its start, and
/// from the keyframe that a seek to the picture's time finds. So do the frames of the `whole` file:
/// ffmpeg loses some behind a damage where we find them.
pub(crate) fn missed(
    ffmpeg: &Ffmpeg,
    file: &Path,
    whole: &Path,
    pictures: &[Picture],
) -> Vec<String> {
    let (width, height) = pictures[0].pixels.dimensions();
    let size = Size { width, height };
    let from_start = decode(ffmpeg, file, size, None);
    let mut missed = Vec::new();
    // Where ffmpeg gives up before that time there is nothing to compare with.
    let end_us = from_start.len() as u64 * clips::FRAME_US;
    for picture in pictures.iter().filter(|picture| picture.at_us < end_us) {
        let mut off = nearest(&from_start, picture);
        if off > ALIKE {
            let sought = decode(ffmpeg, file, size, Some(picture.at_us));
            off = off.min(nearest(&sought, picture));
        }
        if off > ALIKE {
            off = off.min(nearest(&decode(ffmpeg, whole, size, None), picture));
        }
        if off > ALIKE {
            missed.push(format!(
                "the picture at {} us is {off:.1} from any frame",
                picture.at_us
            ));
        }
    }
    missed
}

fn nearest(frames: &[Vec<u8>], picture: &Picture) -> f64 {
    let differences = frames
        .iter()
        .map(|frame| difference(frame, picture.pixels.as_raw()));
    differences.fold(f64::INFINITY, f64::min)
}

fn difference(one: &[u8], two: &[u8]) -> f64 {
    let sum: u64 = one
        .iter()
        .zip(two)
        .map(|(&a, &b)| u64::from(a.abs_diff(b)))
        .sum();
    sum as f64 / one.len().max(1) as f64
}

fn decode(ffmpeg: &Ffmpeg, file: &Path, size: Size, from_us: Option<u64>) -> Vec<Vec<u8>> {
    let seek = from_us.map(|us| format!("{us}us"));
    let seek = seek.iter().flat_map(|at| ["-noaccurate_seek", "-ss", at]);
    let steady = ["-threads", "1", "-flags", "+output_corrupt"];
    let plain = Plain {
        ffmpeg,
        input: steady.into_iter().chain(seek).collect(),
        size,
        scaler: "out_range=full",
        // No more than a second of so small a clip takes.
        most: 200,
    };
    plain.frames(file)
}
