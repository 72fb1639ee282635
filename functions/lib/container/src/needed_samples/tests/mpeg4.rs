//! Pictures of MPEG-4 part 2 of which nothing is left.

use super::Clip;
use super::clips::HELD_BYTES;

fn is_needed(clip: &Clip, sample: usize, target: usize) -> bool {
    let (needed, _) = clip.needed(&clip.group(target), HELD_BYTES);
    needed.iter().any(|needed| needed.sample == sample)
}

/// Later pictures, which were the same to the bit, counted as damaged.
#[test]
fn a_lost_picture_that_is_shown_before_an_earlier_one_is_needed_for_itself_alone() {
    for by in [0, 1] {
        let Some(mut clip) = Clip::made(by, "clip.mp4", "-c:v mpeg4 -bf 2") else {
            continue;
        };
        let pts = |clip: &Clip, at: usize| clip.track.samples[at].pts;
        // I P B B P B B.
        let (reference, between) = (4, 5);
        assert!(pts(&clip, between) < pts(&clip, reference));
        clip.zero(reference);
        clip.zero(between);
        assert!(is_needed(&clip, reference, 10), "others may refer to it");
        assert!(!is_needed(&clip, between, 10));
        assert!(is_needed(&clip, between, between));
    }
}
