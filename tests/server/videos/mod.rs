//! Videos that are listed, changed, played and deleted, through the real program.

mod deletions;
mod lists;
mod playing;

use support::bench::Bench;

fn bench() -> Bench {
    Bench::start(env!("CARGO_BIN_EXE_vod-snapshot-under-test"), &[])
}

/// Waits for what a call left to do.
fn until(what: &str, mut done: impl FnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !done() {
        assert!(begun.elapsed().as_secs() < 60, "{what}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
