//! By the encoders of AV1 that there are.

use super::clips::HELD_BYTES;
use super::decoded::assert_exact_within;
use super::{Clip, assert_exact};
use plan::SampleGroup;

/// 24 pictures of a clip, each by itself, are right. Returns how many of a hundred samples were
/// decoded for them.
fn percent(by: usize, name: &str, options: &str) -> usize {
    let Some(clip) = Clip::made(by, name, options) else {
        return 0;
    };
    let fed = assert_exact(options, &clip, &clip.targets(24));
    fed.samples * 100 / fed.all_samples
}

#[test]
fn of_svt_av1_few_pictures_are_decoded_where_they_build_on_a_foundation() {
    for by in [0, 1] {
        for preset in [10, 12] {
            let options = format!("-c:v libsvtav1 -crf 40 -preset {preset}");
            let percent = percent(by, "clip.mp4", &options);
            assert!(percent < 25, "{options}: {percent}");
        }
    }
}

#[test]
fn of_slower_presets_half_is_decoded() {
    for preset in [4, 8] {
        let options = format!("-c:v libsvtav1 -crf 40 -preset {preset}");
        let percent = percent(0, "clip.mp4", &options);
        assert!(percent < 70, "{options}: {percent}");
    }
}

#[test]
fn grain_of_films_is_that_of_the_whole_video() {
    let options = "-c:v libsvtav1 -crf 40 -preset 10 -svtav1-params film-grain=8";
    for by in [0, 1] {
        let percent = percent(by, "clip.mkv", options);
        assert!(percent < 25, "{percent}");
    }
}

#[test]
fn whatever_other_encoders_refer_to_is_decoded() {
    for (by, options) in [
        (0, "-c:v libaom-av1 -cpu-used 8 -crf 40"),
        (1, "-c:v libaom-av1 -cpu-used 8 -crf 40"),
        (0, "-c:v libaom-av1 -usage realtime -cpu-used 8"),
        (1, "-c:v libaom-av1 -cpu-used 8 -crf 40 -error-resilience 1"),
        (0, "-c:v librav1e -speed 10 -qp 150"),
    ] {
        percent(by, "clip.mp4", options);
    }
}

/// Several frames lie in one sample, of which some are needed.
#[test]
fn frames_that_nothing_needs_are_cut_out_of_their_sample() {
    let clip = Clip::made(0, "clip.mp4", "-c:v libsvtav1 -crf 40 -preset 10").unwrap();
    let targets = clip.targets(3);
    let needed = targets
        .iter()
        .flat_map(|&target| clip.needed(&clip.group(target), HELD_BYTES).0);
    let size = |sample: usize| clip.track.samples[sample].size as usize;
    let cut = needed.filter(|needed| needed.bytes.len() < size(needed.sample));
    assert!(cut.count() > 3);
}

/// A decoder shows what is decoded in its order, whichever and how many.
#[test]
fn several_pictures_of_a_group_are_taken_at_once() {
    let clip = Clip::made(0, "clip.mp4", "-c:v libsvtav1 -crf 40 -preset 10").unwrap();
    let targets = clip.targets(12);
    let groups = plan::cut::cut(&clip.track.samples, &targets).unwrap();
    let fed = assert_exact_within("at once", &clip, &groups, HELD_BYTES);
    assert!(fed.samples * 2 < fed.all_samples, "{fed:?}");
}

/// One picture at the end of a long group, and little may wait for it.
#[test]
fn what_waits_is_bounded_and_the_picture_is_right_all_the_same() {
    let options = "-c:v libaom-av1 -cpu-used 8 -crf 40";
    let clip = Clip::made(0, "clip.mp4", options).unwrap();
    let last: SampleGroup = clip.group(clip.track.samples.len() - 1);
    let sizes = |within| {
        let (needed, most) = clip.needed(&last, within);
        (needed.len(), most)
    };
    let ((free, _), (bound, held)) = (sizes(HELD_BYTES), sizes(2000));
    assert!(free <= bound, "{free} and {bound}");
    assert!(held < 30, "{held}");
    for held_bytes in [0, 2000, 20_000] {
        assert_exact_within("bound", &clip, std::slice::from_ref(&last), held_bytes);
    }
}
