//! What a decoder is fed of any file with an index: the samples chosen, as an MP4 of our own.
#![no_main]

mod checks;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| checks::feed(data));
