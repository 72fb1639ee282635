//! What is known not to hold, and why.

/// The clip, the number of its damage, and the reason.
const KNOWN: &[(&str, usize, &str)] = &[
    (
        "ps",
        8,
        "silent: flipped bits decode to something else; the one complaint near it is of a frame that \
         is decoded right before its keyframe, which this judge can't tell from those after it",
    ),
    (
        "hevc",
        37,
        "silent: flipped bits decode to something else; the one complaint near it is of a frame that \
         nothing refers to",
    ),
    (
        "hevc",
        40,
        "version 9 alone, and not each time: marked, and 8.8 dB where plain decoding has 9.5, neither \
         of which shows what it is",
    ),
    (
        "hevc",
        7,
        "silent, and the parameter sets are damaged too: at 11 dB or less, what decoding from the start \
         makes of it and what decoding from its keyframe makes differ by up to 1.5 dB, and version 9 \
         shows other pixels each time",
    ),
];

pub(super) fn is_known(clip: &str, number: usize) -> bool {
    KNOWN
        .iter()
        .any(|&(name, nth, _)| (name, nth) == (clip, number))
}
