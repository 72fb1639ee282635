//! High dynamic range becomes the standard range by the standards' formulas.

use crate::colour_light::{bt709_to_bt2020, hlg_nits, hlg_signals, pq_nits, pq_signal, shown};
use crate::colour_patches::{Rgb, Stored, error, pictures, seen};
use plan::Size;
use support::clips::ffmpegs;

/// Of 255, for any component of any patch, against what the stored numbers stand for.
const MOST_ERROR: f64 = 1.5;

const OWN: Size = Size {
    width: 64,
    height: 64,
};

/// Greys of these levels, then colours, all as light of BT.2020's primaries, cd/m2.
fn patches() -> Vec<Rgb> {
    let greys = [0.0, 0.5, 5.0, 20.0, 50.0, 100.0, 203.0, 500.0, 1000.0];
    let narrow = bt709_to_bt2020();
    let mut patches: Vec<Rgb> = greys.map(|nits| [nits; 3]).to_vec();
    patches.extend([
        narrow([100.0, 0.0, 0.0]),
        narrow([0.0, 100.0, 0.0]),
        narrow([0.0, 0.0, 100.0]),
        narrow([110.0, 60.0, 45.0]),
        narrow([600.0, 300.0, 30.0]),
        [150.0, 10.0, 10.0],
        [5.0, 300.0, 40.0],
    ]);
    patches
}

fn check(stored: &Stored, signals: impl Fn(Rgb) -> Rgb, nits: impl Fn(Rgb) -> Rgb) {
    let patches: Vec<Rgb> = patches().into_iter().map(signals).collect();
    let folder = tempfile::tempdir().unwrap();
    let clip = stored.clip(&ffmpegs()[0], folder.path(), &patches);
    let meant = patches.iter().map(|&rgb| stored.meant(stored.numbers(rgb)));
    let expected: Vec<[f64; 3]> = meant.map(|rgb| shown(nits(rgb))).collect();
    let mut before = None;
    for ffmpeg in &ffmpegs() {
        let picture = pictures(ffmpeg, &clip, &[0], OWN).remove(0);
        let error = error(&seen(&picture, OWN), &expected);
        let seen = seen(&picture, OWN);
        assert!(
            error <= MOST_ERROR,
            "{error} for {stored:?} with {ffmpeg}\n{seen:?}\n{expected:?}"
        );
        let before = before.get_or_insert_with(|| picture.clone());
        assert!(*before == picture, "another picture with {ffmpeg}");
    }
}

const PQ: &str = ":colorspace=bt2020nc:color_primaries=bt2020:color_trc=smpte2084";
const HLG: &str = ":colorspace=bt2020nc:color_primaries=bt2020:color_trc=arib-std-b67";

fn of(tags: &'static str, bits: u32, full_range: bool, chroma: &'static str) -> Stored {
    let stored = Stored {
        bits,
        full_range,
        chroma,
        ..Stored::h264("bt2020nc", Some(tags))
    };
    match bits {
        12 => Stored {
            encoder: "ffv1",
            extension: "mkv",
            ..stored
        },
        _ => stored,
    }
}

/// Depths, ranges and subsamplings.
const KINDS: [(u32, bool, &str); 6] = [
    (8, false, "420"),
    (10, false, "420"),
    (10, true, "420"),
    (10, false, "422"),
    (12, false, "420"),
    (12, true, "444"),
];

#[test]
fn pq_of_known_light_is_shown_as_bt2390_says() {
    for (bits, full_range, chroma) in KINDS {
        let stored = of(PQ, bits, full_range, chroma);
        check(&stored, |nits| nits.map(pq_signal), |rgb| rgb.map(pq_nits));
    }
}

#[test]
fn hlg_of_known_light_is_shown_as_on_a_screen_of_1000_nits() {
    for (bits, full_range, chroma) in KINDS {
        check(&of(HLG, bits, full_range, chroma), hlg_signals, hlg_nits);
    }
}

#[test]
fn pq_stored_as_rgb_needs_no_matrix() {
    let stored = Stored {
        space: "gbr",
        encoder: "ffv1",
        tags: Some(":colorspace=gbr:color_primaries=bt2020:color_trc=smpte2084"),
        ..of(PQ, 12, true, "444")
    };
    check(&stored, |nits| nits.map(pq_signal), |rgb| rgb.map(pq_nits));
}
