//! What a picture takes of a processor.

use crate::clips;
use decoder::Ffmpeg;
use plan::Limits;
use service::pictures::{PassOutput, take};
use std::time::Duration;
use support::long_clips::GROUPS_OF_2_S;
use support::work;

/// Pictures that are measured.
const PICTURES: u32 = 60;

/// A second's picture of 1080p, its decoding, making and all: `LARGE_JOB_PICTURE_MS`, else measured.
pub(crate) fn of_a_picture(ffmpeg: &Ffmpeg) -> Duration {
    if let Ok(told) = std::env::var("LARGE_JOB_PICTURE_MS") {
        return Duration::from_secs_f64(told.parse::<f64>().unwrap() / 1000.0);
    }
    let times: Vec<u64> = (0..u64::from(PICTURES)).map(|s| s * 1000).collect();
    let clip = clips::of(&GROUPS_OF_2_S, ffmpeg);
    let engine = work::engine(ffmpeg, Limits::default());
    let before = processor_time();
    let order = work::order(&clip, work::at(&times)).unwrap();
    let taken = take(&engine, &order, &mut |made| {
        matches!(made, PassOutput::File(_))
    });
    assert_eq!(taken.unwrap().manifest.pictures.len(), PICTURES as usize);
    (processor_time() - before) / PICTURES
}

/// Of this process and those of its children that have ended.
fn processor_time() -> Duration {
    const TICK_MS: u64 = 10;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let times = fields.split_whitespace().skip(11).take(4);
    let ticks: u64 = times.map(|time| time.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * TICK_MS)
}
