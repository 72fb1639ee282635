//! What a large job takes on Lambda, in parts and in one run: the worker's own code over ports that
//! count what they are asked for, on a clock that is reckoned. `cargo bench -p promises --bench large_job`.
//!
//! The video has few pixels and the right number of frames, so that all of it is really done: divided,
//! decoded, stored, joined and completed. How long a run takes on Lambda is reckoned from what it did:
//! pictures of 1080p as this machine takes them, each call to a store as long as [`model`] says.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss
)]

mod clips;
mod counted;
mod lambda;
mod meter;
mod model;
mod speed;

use lambda::{Lambda, Outcome};
use service::worker::PartSettings;
use std::time::Duration;
use support::clips::ffmpegs;
use support::long_clips::{Container, Encoder, LongClip};

/// Keyframes every 2 s.
const MINUTE: LongClip = LongClip {
    name: "36p30-gop2",
    width: 64,
    height: 36,
    rate: 30,
    group: 60,
    kbps: 20,
    segment_seconds: 60,
    segments: 1,
    encoder: Encoder::X264,
    container: Container::Mp4,
};

/// One picture a second of so many minutes.
const MINUTES: [u32; 4] = [10, 60, 180, 600];

fn main() {
    let ffmpeg = ffmpegs().pop().unwrap();
    let picture = speed::of_a_picture(&ffmpeg);
    println!(
        "a picture of 1080p, one a second: {:.0} ms of a processor here, {:.0} ms of a worker\n",
        picture.as_secs_f64() * 1000.0,
        picture.as_secs_f64() * 1000.0 / model::WORKER_PROCESSORS,
    );
    println!(
        "| video | pictures | parts | wall, s | one run, s | cost, $ | of one run | cold starts | requests | of one run |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for minutes in MINUTES {
        let clip = LongClip {
            segments: minutes,
            ..MINUTE
        };
        let clip = clips::of(&clip, &ffmpeg);
        let run = |parts| Lambda::new(&clip, &ffmpeg, picture, parts).run(minutes * 60);
        let (divided, whole) = (run(Some(parts())), run(None));
        assert!(divided.same(&whole), "other pictures than in one run");
        print(minutes, &divided, &whole);
    }
}

/// As the template has it, for a video of fewer pixels.
fn parts() -> PartSettings {
    let pixels = f64::from(MINUTE.width * MINUTE.height) / (1920.0 * 1080.0);
    PartSettings {
        work: Duration::from_secs(model::PART_SECONDS).mul_f64(pixels),
        at_once: model::PARTS_AT_ONCE,
    }
}

fn print(minutes: u32, divided: &Outcome, whole: &Outcome) {
    let length = match minutes {
        minutes if minutes < 60 => format!("{minutes} min"),
        minutes => format!("{} h", minutes / 60),
    };
    println!(
        "| {length} | {} | {} | {:.1} | {:.0} | {:.4} | {:.2} | {} | {} | {:.2} |",
        divided.pictures,
        divided.parts,
        divided.wall.as_secs_f64(),
        whole.wall.as_secs_f64(),
        divided.cost(),
        divided.cost() / whole.cost(),
        divided.cold_starts,
        divided.requests,
        divided.requests as f64 / whole.requests as f64,
    );
}
