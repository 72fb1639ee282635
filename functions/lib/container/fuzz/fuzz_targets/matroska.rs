//! The index of a Matroska, whole and around times: any bytes give one that holds together, or none.
#![no_main]

mod checks;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    checks::index(data);
    checks::outline(data);
});
