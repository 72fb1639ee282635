//! H.264 with temporal layers, by OpenH264 itself: no encoder of ffmpeg's allows gaps of `frame_num`.

use super::clips::HELD_BYTES;
use super::decoded::assert_exact_within;
use super::{Clip, assert_exact};
use plan::cut::cut;

/// Three layers with the prefix NAL units of SVC, two pictures kept.
const PREFIXED: &[u8] = include_bytes!("../../../fuzz/seeds/mp4/openh264-3.mp4");
/// Four layers without a word of them, four pictures kept.
const PLAIN: &[u8] = include_bytes!("../../../fuzz/seeds/mp4/openh264-4.mp4");

const CLIPS: [&[u8]; 2] = [PREFIXED, PLAIN];

#[test]
fn pictures_of_higher_layers_that_a_wanted_one_cannot_need_are_not_decoded() {
    for (file, most_percent) in CLIPS.into_iter().zip([30, 20]) {
        let clip = Clip::stored("clip.mp4", file);
        let fed = assert_exact("layers", &clip, &clip.targets(60));
        let percent = fed.samples * 100 / fed.all_samples;
        assert!(percent <= most_percent, "{percent}");
    }
}

/// Of neighbours each may be what hides from the decoder that one between them is left out.
#[test]
fn several_pictures_of_a_group_with_layers_are_right() {
    for file in CLIPS {
        let clip = Clip::stored("clip.mp4", file);
        let last = clip.track.samples.len() - 1;
        let unreferenced: Vec<usize> = (1..last).step_by(2).collect();
        let neighbours: Vec<usize> = (40..60).collect();
        for targets in [clip.targets(12), unreferenced, neighbours] {
            let groups = cut(&clip.track.samples, &targets).unwrap();
            for held_bytes in [HELD_BYTES, 500] {
                assert_exact_within("at once", &clip, &groups, held_bytes);
            }
        }
    }
}
