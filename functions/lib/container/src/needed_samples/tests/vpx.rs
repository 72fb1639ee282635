//! By the encoder of VP8 and VP9.

use super::{Clip, assert_exact};

/// Three temporal layers.
const LAYERS: &str = "-ts-parameters ts_number_layers=3:ts_target_bitrate=100,200,400:\
    ts_rate_decimator=4,2,1:ts_periodicity=4:ts_layer_id=0,2,1,2:ts_layering_mode=3";

const TWO_LAYERS: &str = "-ts-parameters ts_number_layers=2:ts_target_bitrate=200,400:\
    ts_rate_decimator=2,1:ts_periodicity=2:ts_layer_id=0,1:ts_layering_mode=2";

/// How many of a hundred samples were decoded for 24 pictures of a clip, each by itself, that are
/// right.
fn percent(options: &str) -> usize {
    let options = format!("-deadline realtime -cpu-used 8 -b:v 400k {options}");
    let clip = Clip::made(0, "clip.webm", &options).unwrap();
    let fed = assert_exact(&options, &clip, &clip.targets(24));
    fed.samples * 100 / fed.all_samples
}

#[test]
fn of_resilient_layers_of_vp9_only_the_lower_ones_are_decoded() {
    let percent = percent(&format!("-c:v libvpx-vp9 -error-resilient 1 {LAYERS}"));
    assert!(percent < 60, "{percent}");
}

/// Whether frames use the golden frame no header of VP8 tells, so that what refreshes it stays.
#[test]
fn of_layers_of_vp8_the_highest_is_left_out() {
    let percent = percent(&format!("-c:v libvpx -error-resilient 1 {TWO_LAYERS}"));
    assert!(percent < 60, "{percent}");
}

/// What runs on from frame to frame was lost with those that no other refers to.
#[test]
fn frames_that_build_on_the_one_before_are_all_decoded() {
    for options in [
        format!("-c:v libvpx-vp9 {LAYERS}"),
        "-c:v libvpx-vp9 -aq-mode 3".to_owned(),
        "-c:v libvpx -auto-alt-ref 1 -lag-in-frames 16".to_owned(),
    ] {
        assert_eq!(percent(&options), 100, "{options}");
    }
}
