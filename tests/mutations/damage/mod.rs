//! The judge of damage. Frames whose coded bytes are broken come out like whole ones, so what is
//! asked here is: is a picture as good as one that ffmpeg makes of the broken file when it decodes
//! it from its start; is each that ffmpeg calls broken marked (`Damaged` in the manifest); and is
//! none of a whole file?
//!
//! A sample of it runs with every test. All 600 mutations and 200 whole clips, on each ffmpeg, take
//! an hour:
//!
//! `DAMAGE_FULL=1 cargo test --release -p promises --test mutations damage -- --nocapture`
//!
//! What was judged is counted, and so is what could not be.
//!
//! `DAMAGE_ONLY="mp4 3,flv 41"` tries just these; `MUTATIONS_KEPT` names a folder for the files of
//! which something was wrong.

mod alike;
mod compare;
mod decoded;
mod exchanged;
mod first_keyframe;
mod garbled;
mod later;
mod listed;
mod lost;
mod lost_keyframe;
mod spoil;
mod tally;
mod verdict;
mod whole;
mod zeroed;

use crate::clips::{self, Clip};
use decoder::Ffmpeg;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use support::clips::ffmpegs;
use tally::Tally;
use verdict::Judge;

/// Of each frame of a clip.
const PIXELS: usize = 160 * 120;

/// As many at a time as a small machine has processors.
const AT_ONCE: usize = 2;

/// How many of `all` are tried, or of `few` in the sample.
fn sampled(all: usize, few: usize) -> usize {
    match std::env::var_os("DAMAGE_FULL") {
        Some(_) => all,
        None => few,
    }
}

#[test]
fn no_damage_makes_a_picture_worse_than_plain_decoding_does_or_goes_unmarked() {
    let _turn = crate::turn();
    let ffmpegs = ffmpegs();
    let clips = clips::all(&ffmpegs[0]);
    // ffmpeg's decoder of VP8 shows what its memory held before where data is broken.
    let clips: Vec<Clip> = clips
        .into_iter()
        .filter(|clip| clip.name != "vp8")
        .collect();
    let judges: Vec<_> = clips.iter().map(|clip| (clip, OnceLock::new())).collect();
    let tally = Tally::default();
    let jobs = sampled(600, 42);
    let only = std::env::var("DAMAGE_ONLY").ok();
    let jobs = only.as_ref().map_or(jobs, |_| 600);
    let is_asked = |name: &str, number: usize| {
        let asked = |one: &str| one == format!("{name} {number}");
        only.as_ref().is_none_or(|only| only.split(',').any(asked))
    };
    let wrong = in_parallel(jobs, &|nth| {
        let (clip, judge) = &judges[nth % judges.len()];
        let number = nth / judges.len();
        if !is_asked(clip.name, number) {
            return Vec::new();
        }
        let judge = judge.get_or_init(|| Judge::new(clip, &ffmpegs));
        // The sample alternates between them.
        let all = 0..ffmpegs.len();
        let on: Vec<usize> = all
            .filter(|&n| jobs == 600 || n == nth % ffmpegs.len())
            .collect();
        on.into_iter()
            .flat_map(|version| judge.wrong(number, version, &tally))
            .collect()
    });
    eprintln!("{tally}");
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn no_picture_of_a_whole_file_is_marked() {
    let _turn = crate::turn();
    let ffmpegs = ffmpegs();
    let settings = whole::settings();
    let jobs = sampled(settings.len(), 24);
    // Spread over the families.
    let stride = settings.len() / jobs;
    let wrong = in_parallel(jobs, &|nth| {
        let setting = &settings[nth * stride];
        let marked = |ffmpeg: &Ffmpeg| whole::wrong(setting, &ffmpegs[0], ffmpeg);
        ffmpegs.iter().flat_map(marked).collect()
    });
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// What is wrong with each of `jobs`.
fn in_parallel(jobs: usize, one: &(dyn Fn(usize) -> Vec<String> + Sync)) -> Vec<String> {
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let nth = next.fetch_add(1, Ordering::Relaxed);
                    if nth >= jobs {
                        break;
                    }
                    let found = one(nth);
                    wrong.lock().unwrap().extend(found);
                }
            });
        }
    });
    wrong.into_inner().unwrap()
}
