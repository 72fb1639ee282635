//! Promise: what `template.yaml` describes works as a whole. It is deployed by `sam deploy` into
//! an emulator that enforces its roles and policies, and used with the vendor's own client.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

mod arrivals;
mod callbacks;
mod client;
mod deployed;
mod events;
mod files;
mod first_job;
mod frames;
mod guards;
mod jobs;
mod long;
mod named_apis;
mod package;
mod policies;
mod subscribers;
mod upgrade;

use deployed::Deployed;

/// The deployment of all tests here.
macro_rules! deployment {
    () => {
        crate::Deployed::get()
    };
}
pub(crate) use deployment;
