//! By the encoders of HEVC that there are.

use super::clips::HELD_BYTES;
use super::decoded::assert_exact_within;
use super::{Clip, assert_exact};
use plan::cut::cut;

/// How many of a hundred samples were decoded for 30 pictures of a clip, each by itself, that are
/// right.
fn percent(by: usize, options: &str) -> usize {
    let Some(clip) = Clip::made(by, "clip.mp4", options) else {
        return 0;
    };
    let fed = assert_exact(options, &clip, &clip.targets(30));
    fed.samples * 100 / fed.all_samples
}

fn x265(parameters: &str) -> String {
    format!("-c:v libx265 -preset superfast -x265-params log-level=none:{parameters}")
}

#[test]
fn of_temporal_layers_only_the_lower_ones_are_decoded() {
    let layers = "bframes=8:b-adapt=0:b-pyramid=1:temporal-layers";
    let percent_of = |by, count| percent(by, &x265(&format!("{layers}={count}")));
    // Older versions know two layers only.
    for by in [0, 1] {
        let (four, none) = (percent_of(by, 4), percent_of(by, 0));
        assert!(four <= none, "{four} and {none}");
    }
}

#[test]
fn pictures_in_any_order_of_references_are_right() {
    for parameters in [
        "bframes=4",
        "bframes=8:b-adapt=0:ref=6",
        "bframes=3:b-adapt=0:log2-max-poc-lsb=4",
    ] {
        percent(0, &x265(parameters));
    }
}

#[test]
fn a_second_encoder_is_followed_as_well() {
    let Some(clip) = Clip::made(1, "clip.mp4", "-c:v libkvazaar") else {
        return;
    };
    for target in clip.targets(4) {
        assert_exact_within("kvazaar", &clip, &[clip.group(target)], HELD_BYTES);
    }
}

/// Keyframes with leading pictures, which are decoded after what comes before them.
#[test]
fn leading_pictures_are_right() {
    let open = x265("open-gop=1:keyint=24:min-keyint=24:bframes=4");
    let clip = Clip::made(0, "clip.mp4", &open).unwrap();
    let mut targets = clip.targets(60);
    targets.sort_unstable();
    // Newer decoders want no count twice where they begin anew without forgetting all.
    let mut groups: Vec<_> = targets.iter().map(|&target| clip.group(target)).collect();
    let leads = |group: &plan::SampleGroup| {
        let span = &clip.track.samples[group.first + 1..=group.last];
        span.iter().any(|sample| sample.sync)
    };
    let leading: Vec<_> = groups
        .iter()
        .filter(|group| leads(group))
        .cloned()
        .collect();
    assert!(leading.len() > 3, "{}", leading.len());
    for some in [&mut groups, &mut leading.clone()] {
        some.sort_by_key(|group| (group.first, group.last % 3));
        let mut behind = 0;
        some.retain(|group| {
            let is_apart = group.first >= behind;
            behind = behind.max(if is_apart { group.last + 1 } else { 0 });
            is_apart
        });
        assert_exact_within("leading", &clip, some, HELD_BYTES);
    }
    let together = cut(&clip.track.samples, &targets[20..40]).unwrap();
    assert_exact_within("together", &clip, &together, HELD_BYTES);
}

#[test]
fn intra_pictures_that_begin_nothing_are_decoded_where_they_are_needed() {
    let options = x265("keyint=150:min-keyint=150:bframes=3:scenecut=0:intra-refresh=1");
    let clip = Clip::made(0, "clip.mp4", &options).unwrap();
    for target in clip.targets(4) {
        assert_exact_within("intra", &clip, &[clip.group(target)], HELD_BYTES);
    }
}
