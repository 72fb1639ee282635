//! SpriteSnapshotConfig from any text: what is read keeps its ranges.
#![no_main]

use contract::sprite;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(Some(spec)) = sprite::read(text) {
        assert!((1..=10_000).contains(&spec.columns));
        assert!((1..=10_000).contains(&spec.lines));
        assert_eq!(sprite::read(text).ok().flatten(), Some(spec));
    }
});
