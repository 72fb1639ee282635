//! When pictures are taken.

/// Chosen so that frames wanted lie in the midst of their groups, as they do in real life: only
/// a keyframe costs one picture to decode.
#[derive(Clone, Copy)]
pub(crate) enum Points {
    /// So many, evenly spread, the first a little after the start.
    Spread(u64),
    /// The first and the distance, ms.
    Every(u64, u64),
    /// One, just after the middle.
    Middle,
    /// So many, without order: the same in each run.
    Random(u64),
}

impl Points {
    pub(crate) fn times_ms(self, duration_ms: u64) -> Vec<u64> {
        match self {
            Self::Spread(count) => {
                let first = duration_ms * 7 / 600;
                let time = |index| first + index * (duration_ms - first) / count;
                (0..count).map(time).collect()
            }
            Self::Every(first, step) => (first..duration_ms)
                .step_by(usize::try_from(step).unwrap())
                .collect(),
            Self::Random(count) => (1..=count).map(|n| scattered(n) % duration_ms).collect(),
            Self::Middle => vec![duration_ms / 2 + duration_ms.min(2000) / 2],
        }
    }
}

/// The generator of Knuth's MMIX; its high bits are good ones.
fn scattered(nth: u64) -> u64 {
    let next = |state: u64| {
        let product = state.wrapping_mul(6_364_136_223_846_793_005);
        product.wrapping_add(1_442_695_040_888_963_407)
    };
    (0..nth).fold(nth, |state, _| next(state)) >> 33
}
