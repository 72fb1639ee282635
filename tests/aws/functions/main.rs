//! Promise: the functions keep what the service promises: every call has an answer of the
//! contract, every job ends once and tells of it, whatever happens to the function that has it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

mod answers;
mod arrivals;
mod asking;
mod callbacks;
mod continuation;
mod deaths;
mod deletions;
mod faults;
mod given_back;
mod jobs;
mod long_texts;
mod parts;
mod pictures;
mod playing;
mod receivers;
mod refusals;
mod settings;
mod storyboards;
mod system;
mod uploads;

use cloud::Stack;

/// A deployment.
macro_rules! stack {
    () => {
        crate::Stack::new().await
    };
}
pub(crate) use stack;
