//! What a client gets: pictures, sheets, manifests, events and errors, through the real program.

mod errors;
mod events;
mod failures;
mod isolated;
mod normal;
mod parts;
mod sprites;
mod stopping;

use support::bench::{Bench, clip};

fn bench(arguments: &[&str]) -> Bench {
    Bench::start(env!("CARGO_BIN_EXE_vod-snapshot-under-test"), arguments)
}
