//! What is known not to hold, and why.

/// The clip, the number of its damage, and the reason.
const KNOWN: &[(&str, usize, &str)] = &[
    (
        "ps",
        8,
        "what is said is of a frame right before the keyframe; the picture is broken silently",
    ),
    (
        "ps",
        17,
        "the decoder of MPEG-2 shows what its memory held before",
    ),
    (
        "hevc",
        37,
        "what is said is of a frame that nothing refers to; the picture is broken silently",
    ),
    (
        "hevc",
        40,
        "below 10 dB, one way to fill what is missing is as good as another",
    ),
    (
        "fragmented",
        16,
        "times are wrong that only some of the frames asked for show: two ways to read it",
    ),
    (
        "vp9",
        12,
        "times are wrong, and a newer ffmpeg runs ahead of what it tells by more or less",
    ),
    (
        "ts",
        12,
        "a newer ffmpeg runs ahead of what it tells by more or less",
    ),
];

pub(super) fn is_known(clip: &str, number: usize) -> bool {
    KNOWN
        .iter()
        .any(|&(name, nth, _)| (name, nth) == (clip, number))
}
