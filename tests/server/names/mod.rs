//! Whatever strangers call their videos, jobs, templates and files: no key or path leaves its
//! prefix, no header or log line is broken, and no answer is more than data.
//!
//! Everything goes through the real program over a socket of its own, so that what is looked at is
//! what a client, a disk and a log collector get.

mod answers;
mod foreign;
mod keys;
mod large;
mod logs;
mod wire;

use support::bench::Bench;

/// A server that answers whoever calls.
fn bench() -> Bench {
    Bench::start(env!("CARGO_BIN_EXE_vod-snapshot-under-test"), &[])
}
