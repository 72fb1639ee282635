//! A long Matroska by its cues: any bytes give an outline that holds together, or none.
#![no_main]

mod checks;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| checks::outline(data));
