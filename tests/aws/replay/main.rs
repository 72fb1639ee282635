//! Promise: every event of `events/` gets from the functions what `events/README.md` says of it,
//! under AWS's own Runtime Interface Emulator.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

mod callbacks;
mod calls;
mod file;
mod messages;
mod notices;
mod place;

use place::Place;

/// A deployment in which the ids of the events are known.
macro_rules! opened {
    () => {
        crate::Place::open().await
    };
}
pub(crate) use opened;

/// Those that a test here replays.
const REPLAYED: [&[&str]; 4] = [
    callbacks::FILES,
    calls::FILES,
    messages::FILES,
    notices::FILES,
];

#[test]
fn no_event_is_left_out() {
    let mut there: Vec<_> = file::names();
    let mut replayed: Vec<_> = REPLAYED.concat();
    there.sort();
    replayed.sort_unstable();
    assert_eq!(there, replayed);
}
