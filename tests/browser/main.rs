//! Promise: the picture of a time is the one that a player shows then. The player is Debian's
//! Chromium: `apt-get install chromium`, then `cargo test -p promises --test browser`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

mod browser;
mod console;
mod driver;
mod players;

use browser::{Asked, look};
use decoder::Ffmpeg;
use media::Video;
use plan::{Limits, Size};
use std::path::Path;
use support::barcode;
use support::clips::{After, Recipe, Timing, ffmpegs};

/// A clip, and where the browser's zero is.
struct Clip {
    name: &'static str,
    recipe: Recipe,
    /// So long before the first frame the browser begins to count. We begin with that frame: docs/promises.md
    /// says why. Below 0 where it hides a frame that we show.
    early_ms: i64,
}

fn clip(name: &'static str, recipe: Recipe, early_ms: i64) -> Clip {
    Clip {
        name,
        recipe,
        early_ms,
    }
}

fn clips() -> Vec<Clip> {
    let plain = || Recipe::h264("browser");
    let cut = |ms| Recipe {
        after: After::CutAt(ms),
        ..plain()
    };
    let slowing = Recipe {
        timing: Timing::Slowing,
        frames: 75,
        ..plain()
    };
    let vp8 = Recipe::h264("browser_vp8")
        .encoded("libvpx", "-deadline realtime -g 50 -output_ts_offset 1.5")
        .inside(".webm", 1000);
    // Two frames of 40 ms are held back for B-frames: without an edit list they are the start.
    let held_back_ms = 80;
    vec![
        clip("b_frames_and_an_edit_list", plain(), 0),
        clip(
            "b_frames_and_no_edit_list",
            plain().with("-use_editlist 0"),
            held_back_ms,
        ),
        clip(
            "b_frames_and_negative_offsets",
            plain().with("-movflags negative_cts_offsets"),
            0,
        ),
        // The frame on the screen then, which has 30 ms left, is shown here and hidden there.
        clip("an_edit_that_begins_inside_a_frame", cut(1_010), -30),
        clip("an_edit_that_begins_with_a_frame", cut(1_040), 0),
        clip(
            "an_empty_edit",
            plain().with("-output_ts_offset 1.5"),
            1_500,
        ),
        clip(
            "fragments",
            plain().with("-movflags frag_keyframe+empty_moov"),
            held_back_ms,
        ),
        clip("a_variable_rate", slowing, 0),
        clip("webm_that_begins_late", vp8, 1_500),
    ]
}

/// In the middle of what is shown of a frame, and so near to its begin or end that a clock that
/// begins elsewhere is seen.
const POINTS: [u64; 8] = [0, 15, 35, 55, 1_020, 2_140, 2_335, 4_900];

fn ours(ffmpeg: &Ffmpeg, file: &Path, early_ms: i64) -> (Vec<(u64, Option<u16>)>, u64) {
    let limits = Limits::default();
    let video = Video::open(ffmpeg, file, &limits).unwrap();
    let timeline = video.timeline();
    let size = Size {
        width: 160,
        height: 90,
    };
    let at = |&at_ms: &u64| {
        let mut number = None;
        let wanted = [timeline.shown_at(at_ms.saturating_add_signed(-early_ms))];
        let missing = video.extract(ffmpeg, &wanted, size, &limits, &mut |picture| {
            number = barcode::read(&picture.pixels, 160, 90);
            Ok(())
        });
        assert_eq!(missing.unwrap(), [] as [usize; 0]);
        (at_ms, number)
    };
    (POINTS.iter().map(at).collect(), timeline.duration_ms())
}

#[test]
#[cfg_attr(not(browser), ignore = "needs chromium")]
fn chromium_shows_the_same_frame_at_the_same_time() {
    let ffmpegs = ffmpegs();
    let clips = clips();
    let asked: Vec<Asked> = clips
        .iter()
        .map(|clip| Asked {
            name: clip.name,
            file: clip.recipe.clip(&ffmpegs[0].path),
            points: POINTS.to_vec(),
        })
        .collect();
    let seen = look(&asked);
    let mut wrong = Vec::new();
    for result in seen.iter().filter_map(|seen| seen.as_ref().err()) {
        wrong.push(result.clone());
    }
    for (clip, asked) in clips.iter().zip(&asked) {
        let shown: Vec<_> = seen
            .iter()
            .flatten()
            .filter(|shown| shown.clip == clip.name)
            .collect();
        let theirs: Vec<(u64, Option<u16>)> = shown
            .iter()
            .map(|shown| (shown.at_ms, barcode::read(&shown.rgb, 160, 90)))
            .collect();
        let times: Vec<_> = shown.iter().map(|shown| shown.media_ms).collect();
        let durations = shown.first().map(|shown| shown.duration_ms);
        for ffmpeg in &ffmpegs {
            let (ours, duration_ms) = ours(ffmpeg, &asked.file, clip.early_ms);
            eprintln!(
                "{}\n  ours   {ours:?} of {duration_ms} ms\n  theirs {theirs:?} of {durations:?} ms\n  {times:?}",
                clip.name
            );
            if ours != theirs {
                wrong.push(format!("{} with {ffmpeg}", clip.name));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
