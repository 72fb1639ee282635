//! What five pictures of a recording of an hour and a gigabyte cost that lies behind HTTP, where each
//! request waits 30 ms: requests, bytes and time. `cargo bench -p promises --bench far_recording`.
//!
//! The recording is one minute that is served sixty times, with its clocks and its counters going on:
//! it takes no room. Each picture is held against the one of that minute itself.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

mod packets;
mod server;

use decoder::Ffmpeg;
use media::Video;
use packets::Recording;
use plan::{Limits, PathTaken, Size};
use source::http::{self, HttpFile};
use source::{FileSource, RangeSource};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;
use support::clips::ffmpegs;
use ureq::Agent;

const MINUTE_MS: u64 = 60_000;
/// An hour.
const MINUTES: u64 = 60;
/// In the first group, at both sides of a minute's end, amid, and near the end.
const POINTS_MS: [u64; 5] = [1_240, 900_000 - 80, 1_800_960, 2_527_400, 3_590_040];
const SIZE: Size = Size {
    width: 640,
    height: 360,
};
const MOST_REQUESTS: u64 = 40;
const MOST_PERCENT: f64 = 2.0;

/// A keyframe every 2 s, stuffed to a constant rate as a broadcast is.
const CODING: &str = "-c:v libx264 -preset ultrafast -g 50 -keyint_min 50 -sc_threshold 0 -bf 2 \
                      -b:v 1800k -maxrate 1900k -bufsize 1900k -pix_fmt yuv420p -muxrate 2300k \
                      -muxdelay 0 -muxpreload 0 -output_ts_offset 10";

fn main() {
    let ffmpeg = ffmpegs().pop().unwrap();
    let minute = minute(&ffmpeg);
    let recording = Recording::of(&minute, MINUTES);
    let bytes = recording.bytes();
    let url = server::serve(recording);
    let begun = Instant::now();
    let HttpFile::Ranges(far) = http::open(&Agent::new_with_defaults(), &url).unwrap() else {
        panic!("the server knows no ranges");
    };
    let far = taken(&ffmpeg, Arc::new(far), &POINTS_MS);
    let (requests, given) = server::counts();
    let percent = given as f64 / bytes as f64 * 100.0;
    let within: Vec<u64> = POINTS_MS.iter().map(|at| at % MINUTE_MS).collect();
    let near = taken(
        &ffmpeg,
        Arc::new(FileSource::open(&minute).unwrap()),
        &within,
    );
    let pairs = POINTS_MS.iter().zip(&within);
    let exact = pairs.filter(|(at, within)| far[at] == near[within]).count();
    println!("| MB, file | pictures | exact | requests | goal | % of its bytes | goal | s |");
    println!("|---|---|---|---|---|---|---|---|");
    println!(
        "| {:.0} | {} | {exact} | {requests} | <= {MOST_REQUESTS} | {percent:.2} | <= {MOST_PERCENT} | {:.1} |",
        bytes as f64 / 1e6,
        POINTS_MS.len(),
        begun.elapsed().as_secs_f64(),
    );
}

fn minute(ffmpeg: &Ffmpeg) -> PathBuf {
    let path = std::env::temp_dir().join("vod-snapshot-minute.ts");
    let mut command = Command::new(&ffmpeg.path);
    command.args(["-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i"]);
    command.args(["testsrc2=size=640x360:rate=25:duration=60"]);
    command.args(CODING.split_whitespace()).arg(&path);
    assert!(command.status().unwrap().success(), "no clip");
    path
}

/// The pictures of a recording at these points.
fn taken(ffmpeg: &Ffmpeg, source: Arc<dyn RangeSource>, points: &[u64]) -> BTreeMap<u64, Vec<u8>> {
    let limits = Limits::default();
    let mut video = Video::open_sparse(ffmpeg, source, &limits).unwrap();
    video.focus(ffmpeg, points, &limits).unwrap();
    assert_eq!(video.path_taken(), PathTaken::Cut);
    let timeline = video.timeline();
    let frames: BTreeMap<usize, u64> = points
        .iter()
        .map(|&at| (timeline.shown_at(at), at))
        .collect();
    let wanted: Vec<usize> = frames.keys().copied().collect();
    let mut taken = BTreeMap::new();
    let missing = video.extract(ffmpeg, &wanted, SIZE, &limits, &mut |picture| {
        taken.insert(frames[&picture.frame], picture.pixels);
        Ok(())
    });
    assert_eq!(missing.unwrap(), [0_usize; 0]);
    taken
}
